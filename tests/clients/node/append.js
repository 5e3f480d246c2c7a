'use strict';
// append.js ADDRESS PREFIX COUNT: appends COUNT deals, three in a batch.
//
// A batch that got no answer may be in the ledger or not. Sent again with the same
// event ids it is there once: so ids come from the source, never from the program.

const { call, connect } = require('./payfold_client');

function deal(id) {
  return {
    event_id: `crm-${id}-booked`,
    source: 'crm',
    deal_booked: {
      deal_id: id,
      booked_on: '2025-02-10',
      owner_id: 'ana',
      amount: { currency: 'USD', minor_units: '120000' },
    },
  };
}

async function main(address, prefix, count) {
  const ledger = connect('LedgerService', address);
  const deals = Array.from({ length: Number(count) }, (_, i) => deal(`${prefix}-${i}`));
  for (let begin = 0; begin < deals.length; begin += 3) {
    const events = deals.slice(begin, begin + 3);
    const { results } = await call(ledger, 'Append', { events });
    results.forEach(({ position, duplicate }, i) =>
      console.log(events[i].event_id, position, duplicate ? 'again' : 'new'));
  }
  ledger.close();
}

module.exports = { deal };
if (require.main === module) main(...process.argv.slice(2));
