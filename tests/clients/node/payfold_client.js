'use strict';
// What the examples share: a client, the details of an error, and retries.
// PAYFOLD_PROTOS names the folder proto/, which is loaded at run time.

const { setTimeout: sleep } = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const { payfold, google } = grpc.loadPackageDefinition(
  loader.loadSync(
    ['payfold/v1/ledger_service.proto', 'payfold/v1/payout_service.proto', 'google/rpc/error_details.proto'],
    // longs as text, because a number has no more than 53 bits.
    { includeDirs: [process.env.PAYFOLD_PROTOS], keepCase: true, longs: String, enums: String, defaults: true },
  ),
);

const ACTOR = new grpc.Metadata(); // Who acts, for the log: sent with every call.
ACTOR.set('payfold-as', 'crm-sync');

// A client of one service: 'LedgerService', 'PayoutService'.
function connect(service, address) {
  return new payfold.v1[service](address, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': 16 << 20,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.keepalive_permit_without_calls': 1,
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 1_000,
  });
}

// What an error says to a program: a stable reason, fields, when to try again.
function detailsOf(error) {
  const [trailer] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const details = trailer ? google.rpc.Status.deserialize(trailer).details : [];
  const unpack = (type) => {
    const detail = details.find((any) => any.type_url.endsWith(`/google.rpc.${type}`));
    return detail && google.rpc[type].deserialize(detail.value);
  };
  const delay = unpack('RetryInfo')?.retry_delay;
  return {
    code: grpc.status[error.code],
    info: unpack('ErrorInfo'), // .domain, .reason, .metadata
    fields: unpack('BadRequest')?.field_violations ?? [], // .field, .description
    retryMillis: delay && Number(delay.seconds) * 1e3 + delay.nanos / 1e6,
  };
}

function worthRetrying({ code, retryMillis }) {
  return code === 'UNAVAILABLE' || (code === 'RESOURCE_EXHAUSTED' && retryMillis !== undefined);
}

// Milliseconds between tries: doubling from 50 to 5,000, half of each at random.
function* waits() {
  for (let longest = 50; ; longest = Math.min(2 * longest, 5_000)) yield longest * (0.5 + Math.random() / 2);
}

// Calls a unary method until it answers. Safe for queries, and for appends because
// of the ids of their events.
async function call(client, method, request, seconds = 60) {
  const deadline = Date.now() + seconds * 1e3;
  for (let wait of waits()) {
    try {
      return await new Promise((resolve, reject) => {
        const done = (error, answer) => (error ? reject(error) : resolve(answer));
        client[method](request, ACTOR, { deadline }, done);
      });
    } catch (error) {
      const details = detailsOf(error);
      wait += details.retryMillis ?? 0;
      if (!worthRetrying(details) || Date.now() + wait >= deadline) throw error;
      await sleep(wait);
    }
  }
}

module.exports = { ACTOR, call, connect, detailsOf, sleep, waits, worthRetrying };
