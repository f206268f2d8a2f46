/**
 * The benchmark's page: medians, ratios to ours in Chromium, and whether the answers are the same.
 * @param {{ readonly rows: number, readonly machine: readonly string[], readonly peers: readonly import('./main.mjs').Peer[] }} run
 */
export function report({ rows, machine, peers }) {
  const lines = [
    '# Features benchmark',
    '',
    ...machine.map((line) => `- ${line}`),
    '',
    `Point-in-time join of ${rows.toLocaleString('en')} entity rows with three views of ${rows.toLocaleString('en')} rows and three`,
    'features each, ttl 30 days, a key seen 20 times in 180 days, values written up to three days late. Seconds from the',
    "stored files (ours: Arrow in the browser's private file system or on disk; Feast: Parquet) to the joined table;",
    'medians, each run in a fresh process. Mode leak_safe is Feast with `filter_by_created_timestamp`.',
    '',
    '| | mode | seconds | range | ÷ ours in Chromium | rows | same answers |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  const [first] = peers;
  for (const mode of ['feast', 'leak_safe']) {
    const ours = first?.joined.get(mode) ?? [];
    for (const peer of peers) lines.push(line(peer, mode, ours, rows));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {import('./main.mjs').Peer} peer
 * @param {string} mode
 * @param {readonly import('./main.mjs').Joined[]} ours
 * @param {number} asked
 */
function line(peer, mode, ours, asked) {
  const joined = peer.joined.get(mode) ?? [];
  const seconds = joined.map((one) => one.seconds);
  if (seconds.length === 0) return `| ${peer.title} | ${mode} | ${peer.fault ?? 'not run'} | | | | |`;
  const ratio = median(seconds) / median(ours.map((one) => one.seconds));
  const rows = joined[0]?.rows ?? asked;
  const same = JSON.stringify(joined[0]?.answers) === JSON.stringify(ours[0]?.answers);
  const range = `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`;
  const answer = same ? 'yes' : rows === asked ? 'no' : `no: ${(asked - rows).toLocaleString('en')} rows are missing`;
  return `| ${peer.title} | ${mode} | ${median(seconds).toFixed(2)} | ${range} | ${ratio.toFixed(2)} | ${rows.toLocaleString('en')} | ${answer} |`;
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
