'use strict';
// The examples do what they say against a real server, whatever happens on the way.

const assert = require('node:assert');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const readline = require('node:readline');
const test = require('node:test');
const { connect, sleep } = require('./payfold_client');
const { Proxy, Server } = require('./serving');

const server = new Server();
test.before(() => server.init());
test.after(() => server.close());

// Starts a program; next() gives what it prints, line by line and split into words.
function start(t, program, ...args) {
  const child = spawn(process.execPath, [path.join(__dirname, program), ...args.map(String)]);
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  let errors = '';
  child.stderr.on('data', (text) => (errors += text));
  const lines = readline.createInterface({ input: child.stdout });
  return (async function* () {
    for await (const line of lines) yield line.split(' ');
    const [code] = await ended;
    assert.strictEqual(code, 0, errors);
  })();
}

async function all(lines) {
  const result = [];
  for await (const line of lines) result.push(line);
  return result;
}

const outcome = (t, program, ...args) => all(start(t, program, ...args));

// [position, event id] of everything in the log.
async function log() {
  const ledger = connect('LedgerService', server.address);
  const found = [];
  for await (const { events } of ledger.ReadEvents({})) {
    for (const { event } of events) found.push([event.position, event.event_id]);
  }
  ledger.close();
  return found;
}

// Numbers from 0 to 1, the same in every run (a linear congruential generator).
function* chances(seed) {
  for (let state = seed; ; state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) yield state / 2 ** 32;
}

test('appends, and says what was there already', async (t) => {
  const first = await outcome(t, 'append.js', server.address, 'js', 4);
  assert.deepStrictEqual(first.map((line) => line[2]), Array(4).fill('new'));
  const again = await outcome(t, 'append.js', server.address, 'js', 4);
  assert.deepStrictEqual(again, first.map(([id, position]) => [id, position, 'again']));
});

test('cut at random and killed, nothing doubles and the follower sees all once', async (t) => {
  const before = (await log()).length;
  const count = 900;
  const proxy = new Proxy();
  await proxy.init(server);
  t.after(() => proxy.close());
  const followed = outcome(t, 'follow.js', proxy.address, 0, before + count);
  const chance = chances(20251125);
  const appended = [];
  for await (const line of start(t, 'append.js', proxy.address, 'cut', count)) {
    appended.push(line);
    if (chance.next().value < 0.05) {
      await sleep(10 * chance.next().value); // Until the next batch is somewhere on its way.
      proxy.cut();
    }
    if (appended.length === count / 3 || appended.length === (2 * count) / 3) {
      await server.kill();
      await server.start();
    }
  }
  const inLog = await log();
  assert.ok(proxy.cuts > 10, `${proxy.cuts} cuts`);
  assert.ok(appended.some((line) => line[2] === 'again'), 'nothing had to be sent again');
  assert.deepStrictEqual(
    inLog.slice(before).map(([, id]) => id),
    Array.from({ length: count }, (_, i) => `crm-cut-${i}-booked`),
  );
  assert.deepStrictEqual(appended.map(([id, position]) => [position, id]), inLog.slice(before));
  assert.deepStrictEqual(await followed, inLog);
});

test('reads what it wrote', async (t) => {
  let earned = -1;
  for (let i = 0; i < 5; ++i) {
    const words = Object.fromEntries(await outcome(t, 'read_your_writes.js', server.address, `own-${i}`));
    assert.ok(Number(words.answered) >= Number(words.appended));
    assert.ok(Number(words.USD) > earned);
    earned = Number(words.USD);
  }
});

test('a rich error names every field', async (t) => {
  const lines = await outcome(t, 'rich_error.js', server.address);
  assert.deepStrictEqual(lines.slice(0, 3), [
    ['code', 'INVALID_ARGUMENT'],
    ['reason', 'payfold', 'DATE_MALFORMED'],
    ['violations', '2'],
  ]);
  assert.deepStrictEqual(lines.slice(3).map((line) => line[1]), [
    'events[0].deal_booked.booked_on',
    'events[1].deal_booked.amount.currency',
  ]);
});

test('pages of any size give the same lines', async (t) => {
  const whole = await outcome(t, 'page_lines.js', server.address, 0);
  assert.ok(whole.length > 4);
  for (const size of [1, 3]) {
    assert.deepStrictEqual(await outcome(t, 'page_lines.js', server.address, size), whole);
  }
});
