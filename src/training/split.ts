import { WorkbenchError } from '../utils/errors';
import { hashFraction, sha256Hex } from '../utils/hash';
import type { Split } from './types';

export interface SplitRequest {
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  /** Entity of each row. */
  readonly keys: readonly string[];
  readonly seed: number;
  /** Share of entities held out, in (0, 1). */
  readonly holdout: number;
}

export interface FoldsRequest {
  readonly labels: Uint8Array;
  readonly keys: readonly string[];
  readonly seed: number;
  /** Number of folds; 1 is a single 20% validation part. */
  readonly folds: number;
}

/** Row numbers of one fold, ascending. No entity is on both sides. */
export interface FoldRows {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

const SINGLE_FOLD_SHARE = 0.2;

/** What "seen in training" is remembered by: the first 16 hex digits of SHA-256 of the entity key. */
export function keyHash(key: string): string {
  return sha256Hex(key).slice(0, 16);
}

/**
 * Splits rows by entity, stratified: entities with any positive row and entities without are each ordered by a hash of
 * (seed, key) and the first round(holdout * count) of both are held out, at least one and never all. The order of rows
 * does not matter, and an entity's place depends on no label but its own. Throws with the reason when there is one class
 * only, or a class has fewer than two entities.
 */
export function splitByEntity({ labels, keys, seed, holdout }: SplitRequest): Split {
  const strata = entityStrata(labels, keys, `split/${seed}/`);
  for (const { name, ordered } of strata) requireEntities(name, ordered.length, 2, 'a training and a hold-out part');
  const heldOut = new Set<string>();
  for (const { ordered } of strata) {
    const count = Math.min(Math.max(Math.round(holdout * ordered.length), 1), ordered.length - 1);
    for (const key of ordered.slice(0, count)) heldOut.add(key);
  }
  const { yes, no } = rowsWhere(keys, (key) => heldOut.has(key));
  const trained = strata.flatMap(({ ordered }) => ordered).filter((key) => !heldOut.has(key));
  return { seed, holdout, trainRows: no, holdoutRows: yes, trainKeyHashes: trained.map(keyHash).sort() };
}

/**
 * Cross-validation folds by entity, stratified and seeded as `splitByEntity`: entities of each stratum, in hash order,
 * are dealt to the folds in turn. With one fold, the first fifth of each stratum is the validation part. Throws with the
 * reason when a class has too few entities for a part each.
 */
export function foldsByEntity({ labels, keys, seed, folds }: FoldsRequest): FoldRows[] {
  if (!Number.isInteger(folds) || folds < 1) {
    throw new WorkbenchError('TRAINING_INVALID', `folds is ${folds}, expected a whole number at least 1.`);
  }
  const strata = entityStrata(labels, keys, `folds/${seed}/`);
  const parts = Math.max(folds, 2);
  for (const { name, ordered } of strata)
    requireEntities(name, ordered.length, parts, `${folds} validation ${folds === 1 ? 'part' : 'folds'}`);
  const foldOf = new Map<string, number>();
  let dealt = 0;
  for (const { ordered } of strata) {
    const single = Math.min(Math.max(Math.round(SINGLE_FOLD_SHARE * ordered.length), 1), ordered.length - 1);
    ordered.forEach((key, i) => foldOf.set(key, folds === 1 ? (i < single ? 0 : 1) : (dealt + i) % folds));
    dealt += ordered.length;
  }
  return Array.from({ length: folds }, (_, fold) => {
    const { yes, no } = rowsWhere(keys, (key) => foldOf.get(key) === fold);
    return { train: no, validation: yes };
  });
}

interface Stratum {
  readonly name: 'positive' | 'negative';
  /** Keys by hash. */
  readonly ordered: readonly string[];
}

function entityStrata(labels: Uint8Array, keys: readonly string[], salt: string): readonly Stratum[] {
  if (labels.length !== keys.length) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `There are ${labels.length} labels for ${keys.length} entity keys; expected one of each a row.`,
    );
  }
  const positiveKeys = new Map<string, boolean>();
  keys.forEach((key, row) => positiveKeys.set(key, labels[row] === 1 || (positiveKeys.get(key) ?? false)));
  const place = new Map([...positiveKeys.keys()].map((key) => [key, hashFraction(salt + key)]));
  const byPlace = (a: string, b: string) => (place.get(a) ?? 0) - (place.get(b) ?? 0) || (a < b ? -1 : 1);
  const pick = (positive: boolean) =>
    [...positiveKeys]
      .filter(([, is]) => is === positive)
      .map(([key]) => key)
      .sort(byPlace);
  const strata: readonly Stratum[] = [
    { name: 'positive', ordered: pick(true) },
    { name: 'negative', ordered: pick(false) },
  ];
  const hasNegativeRows = labels.includes(0);
  if (!labels.includes(1) || !hasNegativeRows) {
    throw new WorkbenchError(
      'TRAINING_INVALID',
      `All ${labels.length} labelled rows are ${hasNegativeRows ? 'negative' : 'positive'}; a model needs both classes. Check the label column and what counts as positive.`,
    );
  }
  return strata.filter(({ name, ordered }) => name === 'positive' || ordered.length > 0);
}

function requireEntities(name: string, count: number, wanted: number, what: string): void {
  if (count >= wanted) return;
  throw new WorkbenchError(
    'TRAINING_INVALID',
    `There ${count === 1 ? 'is only 1 entity' : `are only ${count} entities`} with ${name === 'positive' ? 'a positive outcome' : 'only negative outcomes'}, and ${what} need at least ${wanted}. Add rows, or change what counts as positive.`,
    { stratum: name, entities: count },
  );
}

function rowsWhere(
  keys: readonly string[],
  test: (key: string) => boolean,
): { readonly yes: Int32Array; readonly no: Int32Array } {
  const yes: number[] = [];
  const no: number[] = [];
  keys.forEach((key, row) => (test(key) ? yes : no).push(row));
  return { yes: Int32Array.from(yes), no: Int32Array.from(no) };
}
