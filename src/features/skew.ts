import { cellAt, cellText, columnOf, sameCell, type Cell, type Table } from '../utils/columns';
import type { OnlineFeature } from './types';

/** One feature that is served otherwise than it was trained with. */
export interface SkewColumn {
  readonly feature: string;
  /** Entities whose values differ. */
  readonly differ: number;
  /** The first of them, values as text. */
  readonly entity_key: string;
  readonly trained: string;
  readonly served: string;
}

/** What a sample of entities gets in training and in serving, at one moment. */
export interface SkewReport {
  readonly entities: number;
  readonly features: number;
  /** The features that differ; empty when training and serving agree. */
  readonly differing: readonly SkewColumn[];
}

/** One feature of a sample, trained beside served. */
export interface ComparedColumn {
  readonly feature: string;
  /** Entities whose values differ. */
  readonly differ: number;
  /** The first that differ, or the first there is where none does; values as text. */
  readonly examples: readonly { readonly key: string; readonly trained: string; readonly served: string }[];
}

export interface ServedSample {
  readonly keys: readonly string[];
  /** By entity, the features in one order. */
  readonly served: readonly (readonly Pick<OnlineFeature, 'feature' | 'value'>[])[];
  /** By entity, a column a feature: the point-in-time join at the moment served for. */
  readonly trained: Table;
}

/** Compares the two ways to a feature row, column by column; values are equal when they are the same, nulls included. */
export function compareServing(sample: ServedSample): SkewReport {
  const columns = compareColumns(sample, { examples: 1 });
  const differing = columns.flatMap(({ feature, differ, examples: [first] }): SkewColumn[] =>
    differ > 0 && first
      ? [{ feature, differ, entity_key: first.key, trained: first.trained, served: first.served }]
      : [],
  );
  return { entities: sample.keys.length, features: columns.length, differing };
}

export interface Comparing {
  /** Entities shown of each feature at most. */
  readonly examples: number;
  /** What becomes of a trained value before it is compared, where what was served is kept in another form. */
  readonly kept?: (trained: Cell) => Cell;
}

/** All features of a sample, in their order. */
export function compareColumns(
  { keys, served, trained }: ServedSample,
  { examples, kept = (cell) => cell }: Comparing,
): readonly ComparedColumn[] {
  const features = (served[0] ?? []).map(({ feature }) => feature);
  return features.map((feature, at) => {
    const column = columnOf(trained, feature);
    const pair = (row: number) => [kept(cellAt(column, row)), served[row]?.[at]?.value ?? null] as const;
    const rows = [...keys.keys()].filter((row) => {
      const [ours, theirs] = pair(row);
      return !sameCell(ours, theirs);
    });
    const shown = rows.length > 0 ? rows.slice(0, examples) : [...keys.keys()].slice(0, 1);
    return {
      feature,
      differ: rows.length,
      examples: shown.map((row) => {
        const [ours, theirs] = pair(row);
        return { key: keys[row] ?? '', trained: cellText(ours), served: cellText(theirs) };
      }),
    };
  });
}
