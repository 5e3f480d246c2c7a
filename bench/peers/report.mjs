// Measurements to a table of ratios, as text for people and as JSON.
//
// A measurement: {work, deals, system, detail, unit, values}, one value for each repetition. The unit is 'events/s' (more
// is better), 's', 'us' or 'bytes' (less is better). What other programs measured joins by --also FILE, an array of such objects:
// it stands in the table beside the peers' measurements of the same work, deals and unit.

export const OWN = 'payfold';

export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1) };
}

const isRate = (unit) => unit === 'events/s';

// How many times faster (or smaller) the first is.
function ratio(unit, own, peer) {
  return isRate(unit) ? own / peer : peer / own;
}

function figure(unit, value) {
  if (isRate(unit)) return `${Math.round(value).toLocaleString('en-US')}/s`;
  if (unit === 's') return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`;
  if (unit === 'bytes') return value.toFixed(0);
  return value < 10_000 ? `${value.toFixed(value < 100 ? 1 : 0)} µs` : `${(value / 1000).toFixed(1)} ms`;
}

function withRange(m) {
  const s = summary(m.values);
  return m.values.length === 1
    ? figure(m.unit, s.median)
    : `${figure(m.unit, s.median)} (${figure(m.unit, s.min)}–${figure(m.unit, s.max)})`;
}

function name(m) {
  return m.detail ? `${m.system}, ${m.detail}` : m.system;
}

// Payfold's ways of one work, each beside each peer.
export function comparisons(measurements) {
  const rows = [];
  for (const own of measurements.filter((m) => m.system === OWN)) {
    const peers = measurements.filter(
      (m) => m.system !== OWN && m.work === own.work && m.deals === own.deals && m.unit === own.unit,
    );
    for (const peer of peers.length > 0 ? peers : [null]) {
      rows.push({
        work: own.work,
        deals: own.deals,
        payfold: own,
        peer,
        ratio: peer && ratio(own.unit, summary(own.values).median, summary(peer.values).median),
      });
    }
  }
  return rows;
}

// Cost ~ N^exponent, of the whole work or of one event or call, between the smallest and the largest N.
export function growth(measurements) {
  const rows = [];
  const of = (m) => JSON.stringify([m.work, m.system, m.detail, m.unit]);
  for (const key of new Set(measurements.map(of))) {
    const sizes = measurements.filter((m) => of(m) === key).sort((a, b) => a.deals - b.deals);
    if (sizes.length < 2) continue;
    const [first, last] = [sizes[0], sizes.at(-1)];
    const cost = (m) => (isRate(m.unit) ? 1 / summary(m.values).median : summary(m.values).median);
    const exponent = Math.log(cost(last) / cost(first)) / Math.log(last.deals / first.deals);
    const per = { 'events/s': 'an event', bytes: 'an event', s: 'all of it', us: 'a call' }[first.unit];
    rows.push({ work: first.work, system: first.system, detail: first.detail, per, exponent });
  }
  return rows;
}

function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

export function markdown({ machine, measurements, payouts }) {
  const compared = comparisons(measurements).map((row) => [
    row.work,
    row.deals.toLocaleString('en-US'),
    withRange(row.payfold) + (row.payfold.detail ? `, ${row.payfold.detail}` : ''),
    row.peer ? name(row.peer) : '–',
    row.peer ? withRange(row.peer) : '–',
    row.ratio ? `${row.ratio.toFixed(row.ratio < 10 ? 2 : 0)}x` : '–',
  ]);
  const grown = growth(measurements).map((g) => [
    g.work,
    g.detail ? `${g.system}, ${g.detail}` : g.system,
    g.per,
    g.exponent.toFixed(2),
  ]);
  return [
    machine,
    '',
    table(['work', 'N (deals)', 'payfold', 'peer', "peer's figure", 'ratio'], compared),
    '',
    ...payouts.map(
      (p) =>
        `Payouts at N = ${p.deals.toLocaleString('en-US')}: ${p.compared.toLocaleString('en-US')} compared to the cent ` +
        `(${p.nonzero.toLocaleString('en-US')} not 0), ${p.different} differ.`,
    ),
    ...(grown.length > 0 ? ['', 'Cost grows as N to the power of:', '', table(['work', 'system', 'cost of', 'exponent'], grown)] : []),
    '',
  ].join('\n');
}
