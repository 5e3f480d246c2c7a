// The work of bench/compare, which starts it. Figures go to standard output and to --out; progress to standard error.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Cluster, SETTINGS } from './cluster.mjs';
import { DuckDb, THREADS } from './duckdb.mjs';
import { endRunning, run, serve } from './programs.mjs';
import { markdown, OWN, comparisons, growth } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    programs: { type: 'string' },
    payfold: { type: 'string' },
    cache: { type: 'string' },
    deals: { type: 'string', default: '50000,500000' },
    repeat: { type: 'string', default: '3' },
    singles: { type: 'string', default: '100000' },
    out: { type: 'string' },
    also: { type: 'string', multiple: true, default: [] },
  },
});
const repeat = Number(options.repeat);
const singles = Number(options.singles);
const WRITERS = [1, 4];
const CLIENTS = 64;
const QUERIES = 100;

const company = `${options.programs}/company_bench`;
const wire = `${options.programs}/wire_bench`;
const replay = `${options.programs}/replay_bench`;
const postgres = `${options.programs}/postgres_bench`;
const text = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');
const say = (what) => console.error(`${new Date().toISOString().slice(11, 19)} ${what}`);

// Measurements in order of their first repetition.
const measurements = [];
function add(work, deals, system, detail, unit, value) {
  const same = (m) => m.work === work && m.deals === deals && m.system === system && m.detail === detail && m.unit === unit;
  let found = measurements.find(same);
  if (!found) measurements.push((found = { work, deals, system, detail, unit, values: [] }));
  found.values.push(value);
}

// Who begins changes from round to round.
async function inTurn(round, contestants) {
  for (let i = 0; i < contestants.length; ++i) await contestants[(i + round) % contestants.length]();
}

const EVENTS_TABLE = `
drop table if exists events;
create table events (
  position bigserial primary key, event_id text not null unique, stream text not null, version int not null, kind int not null,
  recorded_at timestamptz not null, payload bytea not null, unique (stream, version));
`;

// More of what Payfold's log promises: reads by kind and by recorded time, and the hash of each event. Reads by participant and
// the tree of hashes are still missing.
const MORE_PROMISES = `
create index on events (kind, position);
create index on events (recorded_at);
alter table events add column leaf bytea generated always as (sha256('\\x00'::bytea || payload)) stored;
`;

// Durable before it is acknowledged, unique event id, unique (stream, version), over the loopback, one batch or event of a writer
// on its way: the same of all. Payfold's server folds payouts meanwhile, which is waited for before single events.
async function measureAppends(deals, folder, cluster) {
  const work = (writers) => `append, 1,000 events a batch, ${writers} writer${writers > 1 ? 's' : ''}`;
  const single = `append of single events, ${CLIENTS} clients`;
  const rate = (line) => line.items / line.seconds;
  const inProcess = async (round) => {
    // The first one stays, for what is measured next.
    const directory = round === 0 ? `${folder}/ledger` : `${folder}/ledger-${round}`;
    const [time, disk] = await run(company, ['batches', '--deals', deals, '--directory', directory]);
    add(`${work(1)}, in process`, deals, OWN, '', 'events/s', rate(time));
    add('bytes on disk for an event', deals, OWN, 'log, indexes, proofs', 'bytes', disk.bytes / time.items);
    if (round > 0) rmSync(directory, { recursive: true });
  };
  const payfold = async (writers) => {
    const server = await serve(options.payfold, `${folder}/served`);
    const where = ['--server', server.address, '--deals', deals];
    add(work(writers), deals, OWN, 'gRPC', 'events/s', rate((await run(wire, ['batches', ...where, '--writers', writers]))[0]));
    if (writers === WRITERS.at(-1)) {
      const start = performance.now();
      execFileSync(options.payfold, ['balances', '--server', server.address, '--json'], { maxBuffer: 1 << 28 });
      add(`balances current after the last batch, ${writers} writers`, deals, OWN, '', 's', (performance.now() - start) / 1000);
      const [one] = await run(wire, ['singles', ...where, '--events', singles, '--clients', CLIENTS]);
      add(single, deals, OWN, `${CLIENTS} streams`, 'events/s', rate(one));
    }
    await server.stop();
    rmSync(`${folder}/served`, { recursive: true });
  };
  const peer = async (writers, method, more = false) => {
    cluster.psql(EVENTS_TABLE);
    if (more) cluster.psql(MORE_PROMISES);
    const where = ['--connection', cluster.connection, '--deals', deals];
    const [time] = await run(postgres, ['batches', ...where, '--method', method, '--writers', writers]);
    add(work(writers), deals, 'PostgreSQL', more ? `${method}, by kind and time, hashes` : method, 'events/s', rate(time));
    if (writers === 1 && method === 'insert' && !more) {
      const bytes = Number(cluster.psql("select pg_total_relation_size('events');"));
      add('bytes on disk for an event', deals, 'PostgreSQL', 'table and indexes', 'bytes', bytes / time.items);
    }
    let expected = time.items;
    if (writers === WRITERS.at(-1) && method === 'insert' && !more) {
      cluster.settle();
      const [one] = await run(postgres, ['singles', ...where, '--events', singles, '--clients', CLIENTS]);
      add(single, deals, 'PostgreSQL', `${CLIENTS} connections`, 'events/s', rate(one));
      expected += one.items;
    }
    const stored = Number(cluster.psql('select count(*) from events;'));
    if (stored !== expected) throw new Error(`PostgreSQL holds ${stored} events, not ${expected}`);
    cluster.psql('drop table events;');
    cluster.settle();
  };
  for (let round = 0; round < repeat; ++round) {
    for (const writers of WRITERS) {
      say(`N = ${deals}: append, round ${round + 1}, writers: ${writers}`);
      await inTurn(round, [() => payfold(writers), () => peer(writers, 'insert'), () => peer(writers, 'insert', true),
        () => peer(writers, 'copy')]);
    }
    await inProcess(round);
  }
}

const PAYOUTS = text('payouts.sql').replace(/^--.*\n/gm, '');
function payoutsSql(chosen = '', wanted = '') {
  return PAYOUTS.replace('{chosen}', chosen)
    .replace('{wanted}', wanted && `where ${wanted}`)
    .replace('{wanted_too}', wanted && `and ${wanted}`);
}
const ALL_PAYOUTS = `${payoutsSql()} select participant_id, period, cents::bigint as cents from payouts`;

async function loadPeers(deals, csv, cluster, duckdb) {
  say(`N = ${deals}: facts to CSV, loaded by the peers`);
  mkdirSync(csv);
  await run(company, ['csv', '--deals', deals, '--out', csv]);
  const load = (system, seconds) => add('load of the facts from CSV', deals, system, '', 's', seconds);
  load('DuckDB', await duckdb.time(text('duckdb_tables.sql').replaceAll('{csv}', csv)));
  const start = performance.now();
  cluster.psql(text('postgres_tables.sql').replaceAll('{csv}', csv));
  load('PostgreSQL', (performance.now() - start) / 1000);
}

async function measureRebuilds(deals, folder, cluster, duckdb) {
  const work = 'all payouts from the facts';
  const ways = { fold_balances: 'log to balances in memory', fold_lines: 'log to lines in memory', rebuild: 'stored projection' };
  say(`N = ${deals}: projection brought up to date`);
  await run(company, ['project', '--directory', `${folder}/ledger`]);
  cluster.settle();
  const sums = new Set();
  for (let round = 0; round < repeat; ++round) {
    say(`N = ${deals}: rebuild, round ${round + 1}`);
    await inTurn(round, [
      async () => {
        for (const line of await run(company, ['rebuild', '--directory', `${folder}/ledger`, '--workers', 2])) {
          add(work, deals, OWN, ways[line.work], 's', line.seconds);
          if ('sum' in line) sums.add(line.sum);
        }
      },
      async () => {
        await duckdb.run('drop table if exists payouts');
        add(work, deals, 'DuckDB', `${THREADS} threads`, 's', await duckdb.time(`create table payouts as ${ALL_PAYOUTS}`));
      },
      async () => {
        cluster.psql('drop table if exists facts.payouts;');
        add(work, deals, 'PostgreSQL', '', 's', cluster.time(`create table facts.payouts as ${ALL_PAYOUTS}`));
      },
    ]);
  }
  sums.add(Number(cluster.psql('select sum(cents) from facts.payouts;')));
  if (sums.size > 1) throw new Error(`the folds from nothing and PostgreSQL disagree on the sum: ${[...sums].join(', ')}`);
}

// Each participant and month, as three implementations have it.
async function comparePayouts(deals, folder, cluster, duckdb) {
  say(`N = ${deals}: payouts compared`);
  const file = `${folder}/payouts.csv`;
  await run(company, ['payouts', '--deals', deals, '--directory', `${folder}/ledger`, '--out', file]);
  const read = (lines) => new Map(lines.map((line) => line.split(',')).map(([who, period, cents]) => [`${who} ${period}`, BigInt(cents)]));
  const own = read(readFileSync(file, 'utf8').trim().split('\n'));
  const peers = {
    DuckDB: read((await duckdb.rows('select participant_id, period, cents from payouts')).map((row) => row.join(','))),
    PostgreSQL: read(cluster.psql("select participant_id || ',' || period || ',' || cents from facts.payouts;").split('\n')),
  };
  let different = 0;
  for (const [peer, cents] of Object.entries(peers)) {
    for (const key of new Set([...own.keys(), ...cents.keys()])) {
      // Nobody without credits has a row in the peers' tables; each has a statement in Payfold.
      if (own.get(key) === (cents.get(key) ?? 0n)) continue;
      if (++different <= 10) console.error(`payouts differ: ${key}: payfold ${own.get(key)}, ${peer} ${cents.get(key)}`);
    }
  }
  const nonzero = [...own.values()].filter((cents) => cents !== 0n).length;
  return { deals, compared: own.size, nonzero, different };
}

// Other rates for everybody, with the difference of every participant and month; the peers compute the payouts of the other rates
// from nothing, and no difference.
async function measureReplays(deals, folder, cluster, duckdb) {
  const work = 'what if: other rates for everybody';
  const other = ALL_PAYOUTS.replace('0.05 *', '0.06 *').replace('0.08 *', '0.07 *').replace('0.12 *', '0.11 *');
  const cents = async (table) => Number((await duckdb.rows(`select sum(cents)::bigint from ${table}`))[0][0]);
  for (let round = 0; round < repeat; ++round) {
    say(`N = ${deals}: replay, round ${round + 1}`);
    let changed;
    await inTurn(round, [
      async () => {
        const lines = await run(replay, ['--directory', `${folder}/ledger`, '--deals', deals, '--workers', 2]);
        const [first, again, split] = lines;
        add(work, deals, OWN, 'the difference too', 's', again.seconds);
        add(`${work}, first replay after the start`, deals, OWN, 'the difference too', 's', first.seconds);
        add('backfill of the split of one deal, median', deals, OWN, 'the difference too', 'us', split.p50_micros);
        add('backfill of the split of one deal, p99', deals, OWN, 'the difference too', 'us', split.p99_micros);
        changed = again.sum;
      },
      async () => {
        await duckdb.run('drop table if exists others');
        add(work, deals, 'DuckDB', `${THREADS} threads, payouts only`, 's', await duckdb.time(`create table others as ${other}`));
      },
    ]);
    const expected = (await cents('others')) - (await cents('payouts'));
    if (changed !== expected) throw new Error(`what if: payfold changes ${changed} cents, DuckDB ${expected}`);
  }
}

async function measureQueries(deals, folder, cluster, duckdb) {
  const sellers = Number((await duckdb.rows("select count(*) from participants where role = 'seller'"))[0][0]);
  const month = (i) => `${2024 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`;
  const seller = (i) => `s${String((i * 7919) % sellers).padStart(5, '0')}`;
  const times = (count, call) => Array.from({ length: count }, (_, i) => call(i));
  const own = 's.deal_id in (select deal_id from splits where participant_id = $1)';
  const dated = "d.booked_on >= ($2 || '-01')::date and d.booked_on < ($2 || '-01')::date + interval '1 month'";
  const sum = 'select coalesce(sum(cents), 0)::bigint from payouts';
  const queries = [
    {
      name: 'balance of one participant', work: 'balances', calls: times(QUERIES, (i) => [seller(i)]),
      sql: `${payoutsSql(`and ${own}`, 'participant_id = $1')} ${sum}`,
    },
    {
      name: 'statement of one participant for a month', work: 'statements', calls: times(QUERIES, (i) => [seller(i), month(i % 24)]),
      sql: `${payoutsSql(`and ${own} and ${dated}`, 'participant_id = $1')} ${sum}`,
    },
    {
      name: 'balances of everybody', work: 'balances', calls: times(repeat, () => []),
      sql: `${payoutsSql()} select sum(cents)::bigint, participant_id from payouts group by participant_id`,
    },
  ];
  for (const query of queries) {
    say(`N = ${deals}: ${query.name}`);
    const calls = `${folder}/calls`;
    const sql = `${folder}/query.sql`;
    writeFileSync(calls, query.calls.map((call) => `${call.join('\t')}\n`).join(''));
    writeFileSync(sql, query.sql);
    const answers = {
      [OWN]: (await run(company, [query.work, '--directory', `${folder}/ledger`, '--calls', calls]))[0],
      PostgreSQL: (await run(postgres, ['calls', '--connection', cluster.connection, '--sql', sql, '--calls', calls]))[0],
      DuckDB: await duckdb.calls(query.sql, query.calls),
    };
    for (const [system, answer] of Object.entries(answers)) {
      if (answer.sum !== answers[OWN].sum) {
        throw new Error(`${query.name}: ${system} answers ${answer.sum}, payfold ${answers[OWN].sum}`);
      }
      add(`${query.name}, median`, deals, system, system === OWN ? 'in process' : '', 'us', answer.p50_micros);
      if (query.calls.length >= 100) {
        add(`${query.name}, p99`, deals, system, system === OWN ? 'in process' : '', 'us', answer.p99_micros);
      }
    }
  }
}

async function measure(deals, folder, cluster) {
  mkdirSync(folder);
  const duckdb = await DuckDb.open(options.cache, `${folder}/facts.duckdb`);
  await measureAppends(deals, folder, cluster);
  await loadPeers(deals, `${folder}/csv`, cluster, duckdb);
  await measureRebuilds(deals, folder, cluster, duckdb);
  const payouts = await comparePayouts(deals, folder, cluster, duckdb);
  await measureReplays(deals, folder, cluster, duckdb);
  await measureQueries(deals, folder, cluster, duckdb);
  duckdb.close();
  rmSync(folder, { recursive: true });
  return payouts;
}

async function describe(cluster, folder) {
  const duckdb = await DuckDb.open(options.cache, `${folder}/version.duckdb`);
  const [[version]] = await duckdb.rows('select version()');
  duckdb.close();
  const server = cluster.psql('show server_version;').split(' ')[0];
  const settings = Object.entries(SETTINGS).map(([key, value]) => `${key}=${value}`).join(', ');
  const os = execFileSync('sh', ['-c', '. /etc/os-release; echo "$PRETTY_NAME"'], { encoding: 'utf8' }).trim();
  const load = loadavg()[0].toFixed(1);
  return (
    `${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores (${cpus()[0].model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
    `${os}, load when it began ${load}. PostgreSQL ${server} (${settings}), DuckDB ${version} (${THREADS} threads), node ` +
    `${process.versions.node}. Median of ${repeat} (least–greatest); a ratio of 3x: Payfold is three times faster.`
  );
}

let folder;
let cluster;
function clean() {
  cluster?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
  cluster = folder = undefined;
}

async function main() {
  folder = mkdtempSync(`${tmpdir()}/payfold-bench-`);
  chmodSync(folder, 0o711);  // The cluster's user goes through it.
  cluster = new Cluster(`${folder}/postgres`);
  await cluster.start();
  const machine = await describe(cluster, folder);
  const payouts = [];
  for (const deals of options.deals.split(',').map(Number)) {
    payouts.push(await measure(deals, `${folder}/${deals}`, cluster));
  }
  for (const file of options.also) measurements.push(...JSON.parse(readFileSync(file, 'utf8')));
  const report = markdown({ machine, measurements, payouts });
  console.log(report);
  if (options.out) {
    mkdirSync(options.out, { recursive: true });
    writeFileSync(`${options.out}/compare.md`, report);
    const all = { machine, settings: SETTINGS, payouts, measurements, comparisons: comparisons(measurements), growth: growth(measurements) };
    writeFileSync(`${options.out}/compare.json`, `${JSON.stringify(all, null, 2)}\n`);
  }
  return payouts.every((p) => p.different === 0) ? 0 : 1;
}

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.on(signal, () => {
    endRunning();
    clean();
    process.exit(code);
  });
}
try {
  process.exitCode = await main();
} finally {
  clean();
}
