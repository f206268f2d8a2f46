import type { RowsAnswer } from '../../pipeline/store/types';
import type { Cell } from '../../utils/columns';
import { answerCell } from '../parts/answer-text';
import type { Series } from '../charts/marks';

export type ChartKind = 'bars' | 'line' | 'points';

/** What is drawn of an answer: names of its columns. */
export interface ChartChoice {
  readonly kind: ChartKind;
  readonly x: string;
  readonly y: string;
  /** Empty: one colour. */
  readonly color: string;
}

export const MOST_COLORS = 7;
export const MOST_BARS = 60;
export const MOST_POINTS = 5000;

type Column = RowsAnswer['columns'][number];

export function isNumber({ type }: Column): boolean {
  return type === 'float64' || type === 'int64';
}

/** Columns that can stand along the x axis: texts as bars, numbers and times as anything. */
export function xColumns({ columns }: RowsAnswer, kind: ChartKind): readonly Column[] {
  return columns.filter(
    (column) => column.type !== 'list' && (kind === 'bars' || isNumber(column) || column.type === 'timestamp'),
  );
}

export function yColumns({ columns }: RowsAnswer): readonly Column[] {
  return columns.filter(isNumber);
}

/** Few different values stand for colours. */
export function colorColumns(answer: RowsAnswer): readonly Column[] {
  return answer.columns.filter((column, at) => {
    if (column.type === 'list' || column.type === 'timestamp' || column.type === 'float64') return false;
    const values = new Set(answer.rows.slice(0, MOST_POINTS).map((row) => String(row[at])));
    return values.size <= MOST_COLORS;
  });
}

/** What suits an answer nobody chose for; null where no column holds numbers. */
export function firstChoice(answer: RowsAnswer): ChartChoice | null {
  const numbers = yColumns(answer);
  const time = answer.columns.find((column) => column.type === 'timestamp');
  const text = answer.columns.find((column) => column.type === 'string' || column.type === 'bool');
  const [first, second] = numbers;
  if (!first) return null;
  const few = answer.rows.length <= MOST_BARS;
  if (time) return { kind: 'line', x: time.name, y: first.name, color: '' };
  if (text && few) return { kind: 'bars', x: text.name, y: first.name, color: '' };
  if (second) return { kind: few ? 'bars' : 'points', x: first.name, y: second.name, color: '' };
  return text ? { kind: 'bars', x: text.name, y: first.name, color: '' } : null;
}

export interface ChartData {
  /** Bars: what stands under each, in order; else empty. */
  readonly labels: readonly string[];
  /** x of bars is the index of the label. */
  readonly series: readonly Series[];
  /** Rows without a value, and those beyond what is drawn. */
  readonly left: number;
}

/** The marks of a choice, one series a colour. Rows with a missing value are left out and counted. */
export function chartData(answer: RowsAnswer, choice: ChartChoice): ChartData {
  const at = (name: string) => answer.columns.findIndex((column) => column.name === name);
  const [x, y, color] = [at(choice.x), at(choice.y), at(choice.color)];
  const xColumn = answer.columns[x];
  const labels = new Map<string, number>();
  const groups = new Map<string, { x: number; y: number }[]>();
  let drawn = 0;
  for (const row of answer.rows) {
    const [cell = null, value] = [row[x], numberOf(row[y])];
    const place = choice.kind === 'bars' ? labelAt(labels, cell, xColumn) : numberOf(cell);
    if (value === null || place === null || drawn >= MOST_POINTS) continue;
    const name = color < 0 ? choice.y : String(row[color] ?? 'missing');
    const points = groups.get(name) ?? [];
    groups.set(name, points);
    points.push({ x: place, y: value });
    drawn += 1;
  }
  const series = [...groups].slice(0, MOST_COLORS).map(([name, points], index) => ({
    name,
    color: groups.size === 1 ? 'var(--quantity)' : `var(--c${index + 1})`,
    points: choice.kind === 'line' ? points.toSorted((a, b) => a.x - b.x) : points,
    dots: choice.kind === 'points',
  }));
  const shown = series.reduce((sum, one) => sum + one.points.length, 0);
  return { labels: [...labels.keys()], series, left: answer.total - shown };
}

function labelAt(labels: Map<string, number>, cell: Cell, column: Column | undefined): number | null {
  const text = cell === null ? 'missing' : answerCell(cell, column?.type ?? 'string');
  const known = labels.get(text);
  if (known !== undefined) return known;
  if (labels.size >= MOST_BARS) return null;
  labels.set(text, labels.size);
  return labels.size - 1;
}

function numberOf(cell: Cell | undefined): number | null {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'bigint' ? Number(cell) : null;
}
