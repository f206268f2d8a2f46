/**
 * The benchmark's page: quantiles of reads, seconds of filling, and ratios to ours.
 * @param {{ readonly rows: number, readonly machine: readonly string[], readonly peers: readonly import('./main.mjs').Peer[] }} run
 */
export function report({ rows, machine, peers }) {
  const [ours] = peers;
  const lines = [
    '# Online store benchmark',
    '',
    ...machine.map((line) => `- ${line}`),
    '',
    `Reads of all eight features of one view, from ${rows.toLocaleString('en')} entities, by random keys: six numbers, a whole number and a`,
    'text. Milliseconds of one call, as a caller in the same worker or process waits for it (ours: IndexedDB in Chromium;',
    'Feast: its SQLite online store, `get_online_features(…).to_dict()`). Cold is the first read after the browser or Python',
    'was started, the store opened; the operating system keeps its files in memory all the while. Filled from one table of',
    'as many rows by `materialize` (ours from Arrow, Feast from Parquet by its DuckDB engine), seconds.',
    '',
    '| | read | keys | n | p50 | p99 | worst | p50 ÷ ours | p99 ÷ ours |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const what of ['warm', 'cold']) {
    for (const keys of [1, 100]) {
      for (const peer of peers) lines.push(line(peer, ours, what, keys));
    }
  }
  lines.push('', '| | filled in seconds | entities a second |', '| --- | --- | --- |');
  for (const peer of peers) {
    const seconds = (peer.answers.get('fill 0')?.took[0] ?? NaN) / 1000;
    lines.push(
      `| ${peer.title} | ${peer.fault ?? seconds.toFixed(1)} | ${peer.fault ? '' : Math.round(rows / seconds).toLocaleString('en')} |`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {import('./main.mjs').Peer} peer
 * @param {import('./main.mjs').Peer | undefined} ours
 * @param {string} what
 * @param {number} keys
 */
function line(peer, ours, what, keys) {
  const name = `${what} ${keys}`;
  const took = sorted(peer.answers.get(name)?.took);
  if (took.length === 0) return `| ${peer.title} | ${what} | ${keys} | | ${peer.fault ?? 'not run'} | | | | |`;
  const own = sorted(ours?.answers.get(name)?.took);
  const cell = (/** @type {number} */ at) => quantile(took, at).toFixed(2);
  const ratio = (/** @type {number} */ at) => (quantile(took, at) / quantile(own, at)).toFixed(1);
  return `| ${peer.title} | ${what} | ${keys} | ${took.length} | ${cell(0.5)} | ${cell(0.99)} | ${cell(1)} | ${ratio(0.5)} | ${ratio(0.99)} |`;
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
