import type { BoostingRows, RowSet } from '../kernels/types';
import { checkpoint, type Control } from '../utils/control';
import { baseMargin, startingProbability } from './base-score';
import { binMatrix, withinCuts, type BinnedMatrix } from './bin-matrix';
import { EarlyStopping } from './early-stopping';
import { Margins } from './margins';
import { Pacer } from './pacer';
import { RoundSampler } from './sampling';
import { checkRequest, rowsOf, type TrainRequest } from './train-request';
import { splitLimits, TreeBuilder } from './tree-builder';
import type { Booster, EvalHistory, RegTree } from './types';

/** Rows between two chances to pause. */
const CHUNK = 65536;

export type { TrainRequest } from './train-request';

export interface TrainResult {
  readonly booster: Booster;
  /** logloss of "train" and, when watched, "validation", one value a round. */
  readonly history: EvalHistory;
  /** 0-based: the best round with early stopping, else the last. */
  readonly bestIteration: number;
}

/**
 * Gradient-boosted trees for binary:logistic with the `hist` method: XGBoost's formulas, scan order, ties and missing
 * rule (reference dmlc/xgboost 3.2; cuts and the weight of a lone root as in 3.4). The same request gives the same bits
 * on every host. With early stopping the trees after the best round are dropped. Cancelling takes effect within one
 * tree and leaves nothing behind.
 */
export async function trainBooster(request: TrainRequest, control: Control): Promise<TrainResult> {
  checkRequest(request);
  const binned = await binnedOf(request, control);
  try {
    return await boostOn(binned, request, control);
  } finally {
    if (binned !== request.binned) binned.bins.close();
  }
}

async function boostOn(binned: BinnedMatrix, request: TrainRequest, control: Control): Promise<TrainResult> {
  const rows = rowsOf(request, binned);
  const { labels } = binned.matrix;
  const baseScore = startingProbability(request.params, labels, rows, request.weights);
  const run = new BoostingRun({ request, binned, rows, base: baseMargin(baseScore) }, new Pacer(control));
  try {
    await run.boost();
  } finally {
    run.close();
  }
  await checkpoint(control, {
    label: `trained ${run.trees.length} trees`,
    done: request.numBoostRound,
    total: request.numBoostRound,
  });
  const best = request.earlyStoppingRounds === undefined ? run.trees.length - 1 : run.bestRound;
  return {
    booster: {
      params: request.params,
      featureNames: binned.matrix.featureNames,
      baseScore,
      trees: run.trees.slice(0, best + 1),
      ...(request.earlyStoppingRounds === undefined ? {} : { bestIteration: best }),
    },
    history: {
      train: { logloss: run.trainLoss },
      ...(run.validationLoss.length > 0 ? { validation: { logloss: run.validationLoss } } : {}),
    },
    bestIteration: best,
  };
}

async function binnedOf(request: TrainRequest, control: Control): Promise<BinnedMatrix> {
  const { binned, matrix, params, kernels } = request;
  if (binned?.maxBin === params.max_bin) return binned;
  const source = binned?.matrix ?? matrix;
  return binMatrix(source ?? { featureNames: [], columns: [], labels: new Uint8Array() }, params.max_bin, control, {
    cutRows: binned?.cutRows,
    kernels: binned?.kernels ?? kernels,
  });
}

interface RunSource {
  readonly request: TrainRequest;
  readonly binned: BinnedMatrix;
  readonly rows: Int32Array;
  readonly base: number;
}

/** One training from first to last round. */
class BoostingRun {
  readonly trees: RegTree[] = [];
  readonly trainLoss: number[] = [];
  readonly validationLoss: number[] = [];
  bestRound = 0;
  readonly #source: RunSource;
  readonly #pacer: Pacer;
  readonly #rows: BoostingRows;
  /** Validation rows that are not among the bins. */
  readonly #outside: Margins | null;
  /** How many validation rows are. */
  readonly #inside: number;
  readonly #sampler: RoundSampler;
  readonly #builder: TreeBuilder;

  constructor(source: RunSource, pacer: Pacer) {
    const { request, binned, rows, base } = source;
    const { matrix } = binned;
    const { params, weights } = request;
    this.#source = source;
    this.#pacer = pacer;
    const watched = request.validationRows;
    const validationRows = watched && withinCuts(binned, watched) ? watched : undefined;
    this.#outside = validationRows ? null : outsideMargins(source, pacer);
    this.#inside = validationRows?.length ?? 0;
    this.#sampler = new RoundSampler(params, rows, matrix.columns.length);
    this.#rows = binned.bins.startBoosting({
      labels: matrix.labels,
      weights,
      positiveWeight: params.scale_pos_weight,
      base,
      trainRows: rows,
      validationRows,
      limits: splitLimits(params),
    });
    this.#builder = new TreeBuilder(this.#rows, binned.cuts, params, pacer);
  }

  async boost(): Promise<void> {
    const { numBoostRound, earlyStoppingRounds, onRound } = this.#source.request;
    const stopping = earlyStoppingRounds === undefined ? null : new EarlyStopping(earlyStoppingRounds);
    for (let round = 0; round < numBoostRound; round++) {
      this.#pacer.progress = { label: `tree ${round + 1} of ${numBoostRound}`, done: round, total: numBoostRound };
      await this.#addTree(round);
      const train = await this.#logLoss('train', this.#source.rows);
      this.trainLoss.push(train);
      const validation = await this.#watched();
      if (validation !== undefined) this.validationLoss.push(validation);
      onRound?.(round, {
        train: { logloss: train },
        ...(validation === undefined ? {} : { validation: { logloss: validation } }),
      });
      if (validation !== undefined && stopping?.seen(round, validation)) break;
    }
    this.bestRound = stopping?.bestRound ?? this.trees.length - 1;
  }

  close(): void {
    this.#rows.close();
  }

  async #addTree(round: number): Promise<void> {
    const rows = this.#rows;
    await this.#inChunks(this.#source.rows.length, 2, (from, to) => rows.gradients(from, to));
    const { drawn, leftOut, features } = this.#sampler.draw(round);
    rows.draw(drawn, leftOut);
    const scales = rows.chooseQuantisation();
    const sum = rows.quantise(scales);
    if (this.#pacer.due(2 * drawn.length)) await this.#pacer.rest();
    const hessianUnit = 1 / scales.hessianScale;
    const units = { gradientUnit: 1 / scales.gradientScale, hessianUnit };
    await this.#builder.grow({ count: drawn.length, features, sum, ...units });
    const { nodes, leafNodes, leafBegins, leafEnds } = this.#builder;
    const tree = nodes.toTree(hessianUnit);
    this.trees.push(tree);
    for (const [leaf, node] of leafNodes.entries()) {
      rows.addLeaf(leafBegins[leaf] as number, leafEnds[leaf] as number, nodes.condition[node] as number);
    }
    await this.#inChunks(leftOut.length, 4, (from, to) => rows.addTree(nodes, 'leftOut', from, to));
    await this.#inChunks(this.#inside, 4, (from, to) => rows.addTree(nodes, 'validation', from, to));
    await this.#outside?.addTree(tree);
  }

  async #watched(): Promise<number | undefined> {
    const { validationRows } = this.#source.request;
    if (this.#inside > 0 && validationRows) return this.#logLoss('validation', validationRows);
    return this.#outside?.logLoss();
  }

  /** Weighted mean log loss of rows. */
  async #logLoss(set: RowSet, rows: Int32Array): Promise<number> {
    const { weights } = this.#source.request;
    let sum = 0;
    await this.#inChunks(rows.length, 2, (from, to) => {
      sum += this.#rows.logLossSum(set, from, to);
    });
    return sum / (weights ? rows.reduce((total, row) => total + (weights[row] ?? 0), 0) : rows.length);
  }

  /** Does rows [from, to) at a time, with pauses; each row costs `work` row visits of a histogram. */
  async #inChunks(count: number, work: number, step: (from: number, to: number) => void): Promise<void> {
    for (let from = 0; from < count; from += CHUNK) {
      const to = Math.min(from + CHUNK, count);
      step(from, to);
      if (this.#pacer.due(work * (to - from))) await this.#pacer.rest();
    }
  }
}

/** Margins of a validation matrix of its own, or of rows whose bins do not say all about them. */
function outsideMargins({ request, binned, base }: RunSource, pacer: Pacer): Margins | null {
  if (request.validation) {
    const rows = Int32Array.from({ length: request.validation.labels.length }, (_, row) => row);
    return new Margins({ matrix: request.validation, rows, base }, pacer);
  }
  return request.validationRows
    ? new Margins({ matrix: binned.matrix, rows: request.validationRows, base, weights: request.weights }, pacer)
    : null;
}
