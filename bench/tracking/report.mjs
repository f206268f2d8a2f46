/** @type {readonly { readonly what: string, readonly title: string, readonly aim: number | null }[]} */
const ROWS = [
  { what: 'search', title: 'search, the first 100 runs', aim: 50 },
  { what: 'search cold', title: 'the same, first time after a start', aim: null },
  { what: 'all', title: 'search, all runs found', aim: null },
  { what: 'log', title: 'log a run of 1,000 metric points', aim: 20 },
  { what: 'open cold', title: 'open the runs page, after a start', aim: 500 },
  { what: 'open', title: 'open the runs page, once more', aim: null },
];

/**
 * The benchmark's page: quantiles of every question, and ratios to ours.
 * @param {{ readonly runs: number, readonly open: number, readonly machine: readonly string[], readonly peers: readonly import('./main.mjs').Peer[] }} run
 */
export function report({ runs, open, machine, peers }) {
  const count = (/** @type {number} */ value) => value.toLocaleString('en');
  const lines = [
    '# Tracking benchmark',
    '',
    ...machine.map((line) => `- ${line}`),
    '',
    `Search and logging over ${count(runs)} runs with 30 metrics and 10 params each, opening over ${count(open)}. The questions are`,
    'those of `questions.json`, in turn: filters by metrics, params and names with one order each. Every run found comes with',
    'all its metrics and params. Milliseconds of one call, as a caller in the same worker or process waits for it (ours:',
    'IndexedDB and runs kept in memory, in Chromium; MLflow: `SqlAlchemyStore` on SQLite, warmed up by one call). Logging is',
    'one run with its params and points in the store (strictly durable here). Opening is what the page asks for first: ours',
    'the keys of all runs and the newest 200, MLflow the newest 200. Cold is the first call after the browser was started.',
    '',
    '| | | n | p50 | p99 | worst | p50 ÷ ours | aim |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...ROWS.flatMap((row) => peers.map((peer) => line(peer, peers[0], row))),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * @param {import('./main.mjs').Peer} peer
 * @param {import('./main.mjs').Peer | undefined} ours
 * @param {(typeof ROWS)[number]} row
 */
function line(peer, ours, { what, title, aim }) {
  // MLflow is a process that runs on: what is cold here is asked of it warm.
  const answer = peer.answers.get(what) ?? peer.answers.get(what.replace(' cold', ''));
  const took = sorted(answer?.took);
  if (took.length === 0) return `| ${peer.title} | ${title} | | ${peer.fault ?? 'not run'} | | | | |`;
  const ratio = quantile(took, 0.5) / quantile(sorted(ours?.answers.get(what)?.took), 0.5);
  const cell = (/** @type {number} */ at) => quantile(took, at).toFixed(2);
  const wanted = peer === ours && aim !== null ? `${aim} ms` : '';
  return `| ${peer.title} | ${title} | ${took.length} | ${cell(0.5)} | ${cell(0.99)} | ${cell(1)} | ${ratio.toFixed(1)} | ${wanted} |`;
}

/** @param {readonly number[] | undefined} values */
function sorted(values) {
  return [...(values ?? [])].sort((a, b) => a - b);
}

/**
 * The nearest rank.
 * @param {readonly number[]} values in order
 * @param {number} at 0 to 1
 */
function quantile(values, at) {
  return values[Math.max(0, Math.ceil(at * values.length) - 1)] ?? NaN;
}
