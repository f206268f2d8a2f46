import { rowsText } from './options.mjs';
import { HOW_MEASURED } from './memory.mjs';

/**
 * What became of one peer in one cell.
 * @typedef {{ readonly cell: import('./peers.mjs').Cell, readonly peer: import('./peers.mjs').Peer,
 *   readonly seconds: readonly number[], readonly auc: readonly number[], readonly trees: number,
 *   readonly threads: number, readonly fault: string | null }} Entry
 */

/**
 * @typedef {{ readonly cell: import('./peers.mjs').Cell, readonly peer: import('./peers.mjs').Peer,
 *   readonly memory: { readonly loaded: number, readonly peak: number } | string }} MemoryEntry
 */

const WHAT_IS_MEASURED = `Seconds from plain arrays in memory to a trained model, binning included: 100 trees, eta 0.1, 256 bins, lambda 1, no
sampling. Each run is one training in a fresh process whose library and data are already loaded; the peers take turns,
and the median of their runs counts. AUC is of the rows held out, computed by one function on what each peer predicted.

- XGBoost: \`hist\`, QuantileDMatrix and train. LightGBM: Dataset and train, 2^depth leaves. scikit-learn: fit, 2^depth
  leaves. The last two with 255 bins, the most that scikit-learn takes and that LightGBM keeps in a byte.
- ydf-training takes neither a number of trees nor a depth: up to 300 trees of depth 6 with exact splits, stopped early on
  a tenth of the rows.
- "1 of 2" threads: two were offered and one was used.`;

/**
 * @param {{ readonly options: import('./options.mjs').Options, readonly machine: readonly string[],
 *   readonly entries: readonly Entry[], readonly memory: readonly MemoryEntry[],
 *   readonly leftOut: readonly string[] }} results
 */
export function report({ options, machine, entries, memory, leftOut }) {
  const parts = ['# Training benchmark', WHAT_IS_MEASURED, machine.map((line) => `- ${line}`).join('\n'), ...leftOut];
  for (const rows of options.rows) {
    const here = entries.filter(({ cell }) => cell.rows === rows);
    parts.push(`## ${rowsText(rows)} rows`, timeTable(here));
  }
  if (memory.length > 0) parts.push('## Peak memory while training', HOW_MEASURED, memoryTable(memory));
  return `${parts.join('\n\n')}\n`;
}

/** @param {readonly Entry[]} entries */
function timeTable(entries) {
  const head = ['peer', 'depth', 'threads', 'seconds', 'min–max', '÷ XGBoost', 'AUC', 'note'];
  return table(
    head,
    entries.map((entry) => timeRow(entry, yardstick(entry, entries))),
  );
}

/**
 * XGBoost's median at the same depth with as many threads.
 * @param {Entry} entry
 * @param {readonly Entry[]} entries
 */
function yardstick({ cell }, entries) {
  const same = entries.find(
    (other) => other.peer.name === 'xgboost' && other.cell.depth === cell.depth && other.cell.threads === cell.threads,
  );
  return same && same.seconds.length > 0 ? median(same.seconds) : undefined;
}

/**
 * @param {Entry} entry
 * @param {number | undefined} xgboost
 */
function timeRow({ cell, peer, seconds, auc, trees, threads, fault }, xgboost) {
  const start = [peer.title, String(cell.depth)];
  if (seconds.length === 0) return [...start, String(cell.threads), '–', '–', '–', '–', fault ?? ''];
  const middle = median(seconds);
  const notes = [trees === 100 ? '' : `${trees} trees`, fault ?? ''].filter(Boolean);
  return [
    ...start,
    threads < cell.threads ? `${threads} of ${cell.threads}` : String(cell.threads),
    time(middle),
    `${time(Math.min(...seconds))}–${time(Math.max(...seconds))}`,
    xgboost === undefined ? '–' : (middle / xgboost).toFixed(2),
    auc.length > 0 ? median(auc).toFixed(4) : '–',
    notes.join('; '),
  ];
}

/** @param {readonly MemoryEntry[]} entries */
function memoryTable(entries) {
  const head = ['peer', 'rows', 'depth', 'threads', 'loaded, MB', 'peak above that, MB'];
  const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(0);
  const body = entries.map(({ cell, peer, memory }) => [
    peer.title,
    rowsText(cell.rows),
    String(cell.depth),
    String(cell.threads),
    ...(typeof memory === 'string'
      ? ['–', memory]
      : [megabytes(memory.loaded), megabytes(memory.peak - memory.loaded)]),
  ]);
  return table(head, body);
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} body
 */
function table(head, body) {
  const widths = head.map((name, i) => Math.max(3, ...[name, ...body.map((row) => row[i] ?? '')].map((x) => x.length)));
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** @param {number} seconds */
function time(seconds) {
  return seconds.toFixed(seconds < 10 ? 3 : 1);
}
