'use strict';
// read_your_writes.js ADDRESS DEAL: appends a deal of ana's and asks what she has
// earned, with that deal in it.

const { deal } = require('./append');
const { call, connect } = require('./payfold_client');

async function main(address, dealId) {
  const ledger = connect('LedgerService', address);
  const payouts = connect('PayoutService', address);
  const appended = await call(ledger, 'Append', { events: [deal(dealId)] });
  // The answer waits until the fold has reached that position.
  const context = { min_position: appended.position };
  const answer = await call(payouts, 'GetBalance', { context, participant_id: 'ana' });
  console.log('appended', appended.position);
  console.log('answered', answer.at.position);
  for (const balance of answer.balances) console.log(balance.currency, balance.earned_minor_units);
  ledger.close();
  payouts.close();
}

main(...process.argv.slice(2));
