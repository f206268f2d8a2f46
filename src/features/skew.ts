import { cellAt, cellText, columnOf, sameCell, type Table } from '../utils/columns';
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

export interface ServedSample {
  readonly keys: readonly string[];
  /** By entity, the features in one order. */
  readonly served: readonly (readonly OnlineFeature[])[];
  /** By entity, a column a feature: the point-in-time join at the moment served for. */
  readonly trained: Table;
}

/** Compares the two ways to a feature row, column by column; values are equal when they are the same, nulls included. */
export function compareServing({ keys, served, trained }: ServedSample): SkewReport {
  const features = (served[0] ?? []).map(({ feature }) => feature);
  const differing = features.flatMap((feature, at): SkewColumn[] => {
    const column = columnOf(trained, feature);
    const rows = keys
      .map((_, row) => row)
      .filter((row) => !sameCell(cellAt(column, row), served[row]?.[at]?.value ?? null));
    const [first] = rows;
    if (first === undefined) return [];
    return [
      {
        feature,
        differ: rows.length,
        entity_key: keys[first] ?? '',
        trained: cellText(cellAt(column, first)),
        served: cellText(served[first]?.[at]?.value ?? null),
      },
    ];
  });
  return { entities: keys.length, features: features.length, differing };
}
