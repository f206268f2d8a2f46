/**
 * The benchmark's page: medians, ratios to ours, memory, and whether all read the same.
 * @param {{ readonly rows: number, readonly machine: readonly string[], readonly peers: readonly import('./main.mjs').Peer[] }} run
 */
export function report({ rows, machine, peers }) {
  const lines = [
    '# Ingest benchmark',
    '',
    ...machine.map((line) => `- ${line}`),
    '',
    `A file of ${rows.toLocaleString('en')} rows and ten columns (key, two times, three floats, two whole numbers, two texts) into`,
    'the offline store: ours to Arrow partitions by month in the browser’s private file system, DuckDB to a table of a',
    'database file, pandas to a frame in memory. In brackets the part that is reading. Medians, each run in a fresh process;',
    'memory is the highest resident memory less what was held before (ours: of all the browser’s processes, the file’s bytes',
    'being loaded already, as a dropped file’s are; theirs: of the process, libraries loaded). In the same minutes, in turns.',
    '',
    '| format | | seconds | range | ÷ ours | memory, MB | same rows and sums |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const peer of peers) {
    const ours = peers.find((one) => one.format === peer.format);
    lines.push(line(peer, ours ?? peer));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {import('./main.mjs').Peer} peer
 * @param {import('./main.mjs').Peer} ours
 */
function line({ title, format, reads, fault }, ours) {
  if (reads.length === 0) return `| ${format} | ${title} | ${fault ?? 'not run'} | | | | |`;
  const seconds = reads.map((one) => one.seconds);
  const reading = reads.flatMap(({ read }) => (read === undefined ? [] : [read]));
  const alone = reading.length > 0 ? ` (${median(reading).toFixed(2)})` : '';
  const ratio = median(seconds) / median(ours.reads.map((one) => one.seconds));
  const memory = reads.flatMap((one) => (one.memory === null ? [] : [one.memory]));
  const held = memory.length > 0 ? (median(memory) / 1e6).toFixed(0) : '';
  const [first] = reads;
  const same = first && ours.reads[0] && first.rows === ours.reads[0].rows && first.sum === ours.reads[0].sum;
  const range = `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`;
  return `| ${format} | ${title} | ${median(seconds).toFixed(2)}${alone} | ${range} | ${ratio.toFixed(2)} | ${held} | ${same ? 'yes' : 'no'} |`;
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
