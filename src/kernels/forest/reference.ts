import { addTreeToBlock, type TreeNodes } from '../predict/reference';

/** Trees whose weighted leaf values add up to margins. */
export interface Forest {
  readonly trees: readonly TreeNodes[];
  /** Output of each tree; all 0 when absent. */
  readonly treeOutputs?: Int32Array;
  /** What each tree's leaves are multiplied by; all 1 when absent. */
  readonly treeWeights?: Float32Array;
  readonly outputs: number;
  /** Margin of every output before the first tree. */
  readonly base: number;
}

/** Margins of rows, by one twin. */
export interface Predictor {
  /**
   * Margins of rows [from, to): base plus weighted leaf values tree by tree in float64, rounded once to float32.
   *
   * @param columns [n_features] arrays of [n_rows]; NaN is missing.
   * @param into gets [(to - from) * outputs], outputs of a row side by side.
   */
  margins(columns: readonly Float32Array[], from: number, to: number, into: Float32Array): void;
  /** Gives the memory back. */
  close(): void;
}

const BLOCK = 2048;

/** The predictor in plain TypeScript, which says what the others must answer. */
export function referencePredictor({ trees, treeOutputs, treeWeights, outputs, base }: Forest): Predictor {
  const sums = Array.from({ length: outputs }, () => new Float64Array(BLOCK));
  return {
    margins(columns, from, to, into) {
      for (let begin = from; begin < to; begin += BLOCK) {
        const count = Math.min(BLOCK, to - begin);
        const blocks = sums.map((sum) => sum.subarray(0, count).fill(base));
        for (const [index, tree] of trees.entries()) {
          const block = blocks[treeOutputs?.[index] ?? 0] as Float64Array;
          addTreeToBlock(tree, columns, { from: begin, weight: treeWeights?.[index] ?? 1 }, block);
        }
        blocks.forEach((block, output) =>
          block.forEach((sum, i) => (into[(begin - from + i) * outputs + output] = sum)),
        );
      }
    },
    close() {
      sums.length = 0;
    },
  };
}
