import type { Booster } from '../../../src/training/types';
import { makeRandom } from '../../../src/utils/random';

/**
 * Rows whose values lie on the thresholds of a booster, one float32 beside them, far from them, or are missing or
 * infinite; categories known to the trees, unknown and negative.
 */
export function boundaryTable(booster: Booster, rows: number): Float32Array[] {
  const random = makeRandom(5, 'boundary table');
  return booster.featureNames.map((_, feature) => {
    const values = valuesOf(booster, feature);
    return Float32Array.from({ length: rows }, () => values[random.int(values.length)] as number);
  });
}

function valuesOf({ trees, featureTypes }: Booster, feature: number): number[] {
  if (featureTypes?.[feature] === 'c') {
    const known = trees.flatMap((tree) =>
      [...(tree.categories ?? [])].flatMap(([node, codes]) => (tree.splitIndices[node] === feature ? [...codes] : [])),
    );
    const highest = Math.max(3, ...known);
    return [...Array(highest + 3).keys(), NaN, -1, 5000];
  }
  const thresholds = trees.flatMap((tree) =>
    [...tree.splitConditions].filter(
      (_, node) => (tree.leftChildren[node] as number) >= 0 && tree.splitIndices[node] === feature,
    ),
  );
  const near = [...new Set(thresholds)].flatMap((value) => [value, value, beside(value, 1), beside(value, -1)]);
  return [...near, NaN, NaN, Infinity, -Infinity, 0, -3, 3, 0.37];
}

/** The float32 next to a value, above or below. */
function beside(value: number, direction: 1 | -1): number {
  if (!Number.isFinite(value)) return value;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  if (value === 0) return direction * 1.401298464324817e-45;
  view.setInt32(0, view.getInt32(0) + (value > 0 ? direction : -direction));
  return view.getFloat32(0);
}
