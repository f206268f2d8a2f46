import { chooseQuantisation, quantisePairs } from '../kernels/quantise/reference';
import { checkpoint, type Control } from '../utils/control';
import { baseMargin, startingProbability } from './base-score';
import { binMatrix, type BinnedMatrix } from './bin-matrix';
import { EarlyStopping } from './early-stopping';
import { Margins } from './margins';
import { Pacer } from './pacer';
import { RoundSampler } from './sampling';
import { checkRequest, rowsOf, type TrainRequest } from './train-request';
import { TreeBuilder } from './tree-builder';
import type { Booster, EvalHistory, RegTree } from './types';

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
  const rows = rowsOf(request, binned);
  const { labels } = binned.matrix;
  const baseScore = startingProbability(request.params, labels, rows, request.weights);
  const run = new BoostingRun({ request, binned, rows, base: baseMargin(baseScore) }, new Pacer(control));
  await run.boost();
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
  const { binned, matrix, params } = request;
  if (binned?.maxBin === params.max_bin) return binned;
  const source = binned?.matrix ?? matrix;
  return binMatrix(
    source ?? { featureNames: [], columns: [], labels: new Uint8Array() },
    params.max_bin,
    control,
    binned?.cutRows,
  );
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
  readonly #train: Margins;
  readonly #validation: Margins | null;
  readonly #sampler: RoundSampler;
  readonly #builder: TreeBuilder;
  readonly #pairs: Float32Array;
  readonly #quantised: Int32Array;
  readonly #drawn: Int32Array;

  constructor(source: RunSource, pacer: Pacer) {
    const { request, binned, rows, base } = source;
    const { matrix } = binned;
    this.#source = source;
    this.#pacer = pacer;
    this.#train = new Margins({ matrix, rows, base, weights: request.weights }, pacer);
    this.#validation = makeValidation(source, pacer);
    this.#sampler = new RoundSampler(request.params, rows, matrix.columns.length);
    this.#pairs = new Float32Array(2 * matrix.labels.length);
    this.#quantised = new Int32Array(2 * matrix.labels.length);
    this.#drawn = new Int32Array(rows.length);
    this.#builder = new TreeBuilder(
      { binned, quantised: this.#quantised, mostRows: rows.length },
      request.params,
      pacer,
    );
  }

  async boost(): Promise<void> {
    const { numBoostRound, earlyStoppingRounds, onRound } = this.#source.request;
    const stopping = earlyStoppingRounds === undefined ? null : new EarlyStopping(earlyStoppingRounds);
    for (let round = 0; round < numBoostRound; round++) {
      this.#pacer.progress = { label: `tree ${round + 1} of ${numBoostRound}`, done: round, total: numBoostRound };
      await this.#addTree(round);
      const train = await this.#train.logLoss();
      this.trainLoss.push(train);
      const validation = await this.#validation?.logLoss();
      if (validation !== undefined) this.validationLoss.push(validation);
      onRound?.(round, {
        train: { logloss: train },
        ...(validation === undefined ? {} : { validation: { logloss: validation } }),
      });
      if (validation !== undefined && stopping?.seen(round, validation)) break;
    }
    this.bestRound = stopping?.bestRound ?? this.trees.length - 1;
  }

  async #addTree(round: number): Promise<void> {
    const { request } = this.#source;
    const rows = this.#drawn;
    await this.#train.gradients(Math.fround(request.params.scale_pos_weight), this.#pairs);
    const { count, features } = this.#sampler.draw(round, rows);
    const scales = chooseQuantisation(this.#pairs, rows, count);
    quantisePairs(this.#pairs, { rows, count }, scales, this.#quantised);
    if (this.#pacer.due(2 * count)) await this.#pacer.rest();
    const hessianUnit = 1 / scales.hessianScale;
    await this.#builder.grow({ rows, count, features, gradientUnit: 1 / scales.gradientScale, hessianUnit });
    const tree = this.#builder.nodes.toTree(hessianUnit);
    this.trees.push(tree);
    this.#train.addLeaves(this.#builder, rows);
    await this.#train.addTree(tree, this.#sampler.leftOut, this.#sampler.leftOutCount);
    if (this.#validation) await this.#validation.addTree(tree, this.#validation.rows, this.#validation.rows.length);
  }
}

function makeValidation({ request, binned, base }: RunSource, pacer: Pacer): Margins | null {
  if (request.validation) {
    const rows = Int32Array.from({ length: request.validation.labels.length }, (_, row) => row);
    return new Margins({ matrix: request.validation, rows, base }, pacer);
  }
  return request.validationRows
    ? new Margins({ matrix: binned.matrix, rows: request.validationRows, base, weights: request.weights }, pacer)
    : null;
}
