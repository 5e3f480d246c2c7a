'use strict';
// follow.js ADDRESS AFTER UNTIL: prints every event after position AFTER until
// position UNTIL, once and in order, however often the connection breaks.

const { ACTOR, connect, detailsOf, sleep, waits, worthRetrying } = require('./payfold_client');

// All messages after a position, for ever.
async function* messages(ledger, after) {
  let wait = waits();
  while (true) {
    const stream = ledger.Subscribe({ after_position: after }, ACTOR);
    try {
      for await (const message of stream) {
        wait = waits();
        after = message.position; // What to go on after when this breaks.
        yield message;
      }
    } catch (error) {
      const details = detailsOf(error);
      const tooSlow = details.info?.reason === 'SUBSCRIBER_TOO_SLOW';
      if (!tooSlow && !worthRetrying(details)) throw error;
      await sleep(wait.next().value + (details.retryMillis ?? 0));
    } finally {
      stream.cancel();
    }
  }
}

async function main(address, after, until) {
  const ledger = connect('LedgerService', address);
  for await (const message of messages(ledger, after)) {
    for (const { event } of message.events) console.log(event.position, event.event_id);
    if (message.mark === 'CAUGHT_UP') console.error('caught up at', message.head);
    if (BigInt(message.position) >= BigInt(until)) break;
  }
  ledger.close();
}

main(...process.argv.slice(2));
