import { columnLength, type Column, type ScalarColumn, type Table } from '../utils/columns';
import { checkpoint, type Control } from '../utils/control';
import { countInEdges, equalWidthEdges } from '../utils/statistics';
import { formatTimestamp } from './csv/timestamps';
import { PatternSet } from './distinct';
import { differentLists, lengthsOf } from './list-profile';
import type { ColumnProfile, HistogramView, TableProfile } from './types';

const CHUNK = 65_536;
const MOST_BINS = 24;
const MOST_CATEGORIES = 12;
const NOTHING: HistogramView = { edges: null, labels: [], counts: [] };

/**
 * What each column holds: missing and different values, mean, sample standard deviation (n - 1), range, and a picture.
 * Numbers and times get at most 24 equal-width bins (one per whole number where all are whole and span at most 24);
 * text and bool get the 12 most frequent values and "other". Infinite values stand outside the statistics. Of lists, the
 * lengths are described, and different lists are counted.
 */
export async function profileTable(name: string, table: Table, control: Control): Promise<TableProfile> {
  const columns: ColumnProfile[] = [];
  for (const [column, values] of table.columns) {
    await checkpoint(control, {
      label: `profiling ${column} of ${name}`,
      done: columns.length,
      total: table.columns.size,
    });
    columns.push(await profileColumn(column, values, control));
  }
  return { table: name, rows: table.rowCount, columns };
}

async function profileColumn(name: string, column: Column, control: Control): Promise<ColumnProfile> {
  switch (column.type) {
    case 'string':
      return profileText(name, column, control);
    case 'bool':
      return profileBool(name, column.values);
    case 'list': {
      const lengths = await profileNumbers(name, { type: 'float64', values: lengthsOf(column) }, control);
      return { ...lengths, type: 'list', items: column.items.type, distinct: await differentLists(column, control) };
    }
    default:
      return profileNumbers(name, column, control);
  }
}

async function profileText(
  name: string,
  column: Column & { type: 'string' },
  control: Control,
): Promise<ColumnProfile> {
  const counts = new Float64Array(column.dictionary.length);
  let missing = 0;
  for (let start = 0; start < column.codes.length; start += CHUNK) {
    await checkpoint(control);
    for (let row = start; row < Math.min(start + CHUNK, column.codes.length); row++) {
      const code = column.codes[row] ?? -1;
      if (code < 0) missing++;
      else counts[code] = (counts[code] ?? 0) + 1;
    }
  }
  const used = [...counts.keys()].filter((code) => (counts[code] ?? 0) > 0);
  const ranked = used.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const top = ranked.slice(0, MOST_CATEGORIES);
  const rest = ranked.slice(MOST_CATEGORIES).reduce((sum, code) => sum + (counts[code] ?? 0), 0);
  return {
    name,
    type: 'string',
    missing,
    distinct: ranked.length,
    mean: null,
    std: null,
    min: null,
    max: null,
    histogram: {
      edges: null,
      labels: [...top.map((code) => column.dictionary[code] ?? ''), ...(rest > 0 ? ['other'] : [])],
      counts: [...top.map((code) => counts[code] ?? 0), ...(rest > 0 ? [rest] : [])],
    },
  };
}

function profileBool(name: string, values: Int8Array): ColumnProfile {
  let yes = 0;
  let no = 0;
  for (const value of values) {
    if (value === 1) yes++;
    else if (value === 0) no++;
  }
  const n = yes + no;
  const mean = n === 0 ? null : yes / n;
  return {
    name,
    type: 'bool',
    missing: values.length - n,
    distinct: Number(yes > 0) + Number(no > 0),
    mean,
    std: mean === null || n < 2 ? null : Math.sqrt((n * mean * (1 - mean)) / (n - 1)),
    min: n === 0 ? null : Number(no === 0),
    max: n === 0 ? null : Number(yes > 0),
    histogram: n === 0 ? NOTHING : { edges: null, labels: ['false', 'true'], counts: [no, yes] },
  };
}

type NumberColumn = Exclude<ScalarColumn, { type: 'string' } | { type: 'bool' }>;

interface Moments {
  n: number;
  missing: number;
  mean: number;
  /** Sum of squared distances from the mean (Welford 1962). */
  squares: number;
  min: number;
  max: number;
  whole: boolean;
}

async function profileNumbers(name: string, column: NumberColumn, control: Control): Promise<ColumnProfile> {
  const numbers = await chunkedNumbers(column, control);
  const moments: Moments = { n: 0, missing: 0, mean: 0, squares: 0, min: Infinity, max: -Infinity, whole: true };
  const distinct = new PatternSet();
  const words = new Int32Array(column.values.buffer, column.values.byteOffset, column.values.length * 2);
  for (let start = 0; start < numbers.length; start += CHUNK) {
    await checkpoint(control);
    for (let row = start; row < Math.min(start + CHUNK, numbers.length); row++) {
      const value = numbers[row] ?? NaN;
      if (Number.isNaN(value)) {
        moments.missing++;
        continue;
      }
      if (value === 0) distinct.add(0, 0);
      else distinct.add(words[2 * row] ?? 0, words[2 * row + 1] ?? 0);
      if (Number.isFinite(value)) observe(moments, value);
    }
  }
  const { n, missing, mean, squares, min, max } = moments;
  return {
    name,
    type: column.type,
    missing,
    distinct: distinct.size,
    mean: n === 0 ? null : mean,
    std: n < 2 ? null : Math.sqrt(squares / (n - 1)),
    min: n === 0 ? null : min,
    max: n === 0 ? null : max,
    histogram: n === 0 ? NOTHING : await pictureOf(column.type, numbers, moments, control),
  };
}

function observe(moments: Moments, value: number): void {
  moments.n++;
  const distance = value - moments.mean;
  moments.mean += distance / moments.n;
  moments.squares += distance * (value - moments.mean);
  if (value < moments.min) moments.min = value;
  if (value > moments.max) moments.max = value;
  if (moments.whole && value !== Math.floor(value)) moments.whole = false;
}

async function chunkedNumbers(column: NumberColumn, control: Control): Promise<Float64Array> {
  if (column.type !== 'int64') return column.values;
  const numbers = new Float64Array(columnLength(column));
  for (let start = 0; start < numbers.length; start += CHUNK) {
    await checkpoint(control);
    for (let row = start; row < Math.min(start + CHUNK, numbers.length); row++) {
      numbers[row] = column.valid && !column.valid[row] ? NaN : Number(column.values[row]);
    }
  }
  return numbers;
}

async function pictureOf(
  type: Column['type'],
  numbers: Float64Array,
  { min, max, whole }: Moments,
  control: Control,
): Promise<HistogramView> {
  const each = whole && max - min < MOST_BINS && type !== 'timestamp';
  const edges = each
    ? equalWidthEdges(min - 0.5, max + 0.5, max - min + 1)
    : equalWidthEdges(min, max, min === max ? 1 : MOST_BINS);
  const counts = new Float64Array(edges.length - 1);
  for (let start = 0; start < numbers.length; start += CHUNK) {
    await checkpoint(control);
    const chunk = countInEdges(numbers.subarray(start, start + CHUNK).filter(Number.isFinite), edges);
    chunk.forEach((count, bin) => (counts[bin] = (counts[bin] ?? 0) + count));
  }
  const labelOf = (bin: number) =>
    each ? String(min + bin) : `${edgeText(type, edges[bin])} – ${edgeText(type, edges[bin + 1])}`;
  return { edges: [...edges], labels: Array.from(counts, (_, bin) => labelOf(bin)), counts: [...counts] };
}

function edgeText(type: Column['type'], edge = NaN): string {
  return type === 'timestamp' ? formatTimestamp(Math.round(edge)).slice(0, 10) : String(Number(edge.toPrecision(4)));
}
