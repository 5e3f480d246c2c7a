'use strict';
// rich_error.js ADDRESS: appends a batch with mistakes and prints what the error says.

const { deal } = require('./append');
const { call, connect, detailsOf } = require('./payfold_client');

async function main(address) {
  const ledger = connect('LedgerService', address);
  const events = [deal('wrong-1'), deal('wrong-2')];
  events[0].deal_booked.booked_on = '2025-02-30';
  events[1].deal_booked.amount.currency = 'XXX';
  try {
    await call(ledger, 'Append', { events });
  } catch (error) {
    const { code, info, fields } = detailsOf(error);
    console.log('code', code);
    console.log('reason', info.domain, info.reason);
    console.log('violations', info.metadata.violations);
    for (const { field, description } of fields) console.log('field', field, description);
  }
  ledger.close();
}

main(...process.argv.slice(2));
