import { referenceKernels } from '../kernels/reference';
import { checkpoint, type Control } from '../utils/control';
import { BoostingRun, type GrownOn } from './boosting-run';
import { binMatrix, type BinnedMatrix } from './bin-matrix';
import { checkMemory, sizeOf, trainingBytes } from './memory';
import { makeObjective } from './objectives';
import type { LabelledRows, Objective } from './objectives/types';
import { Pacer } from './pacer';
import { checkRequest, floatLabels, rowsOf, type TrainRequest } from './train-request';
import type { Booster, EvalHistory, RegTree } from './types';

/** The base score of classes that start from different ones; it shifts all of them alike and so says nothing. */
const NO_BASE = 0;

export type { TrainRequest } from './train-request';

export interface TrainResult {
  readonly booster: Booster;
  /** Metrics of "train" and of each set watched, one value a new round. */
  readonly history: EvalHistory;
  /** 0-based, those of a base model counted: the best round with early stopping, else the last. */
  readonly bestIteration: number;
  readonly grownOn: GrownOn;
}

/**
 * Gradient-boosted trees for binary:logistic with the `hist` method: XGBoost's formulas, scan order, ties and missing
 * rule (reference dmlc/xgboost 3.2; cuts and the weight of a lone root as in 3.4). The same request gives the same bits
 * on every host. With early stopping the trees after the best round are dropped. Cancelling takes effect within one
 * tree and leaves nothing behind.
 */
export async function trainBooster(request: TrainRequest, control: Control): Promise<TrainResult> {
  checkRequest(request);
  checkRoom(request);
  const binned = await binnedOf(request, control);
  try {
    return await boostOn(binned, request, control);
  } finally {
    if (binned !== request.binned) binned.bins.close();
  }
}

/** Refuses before anything is binned. */
function checkRoom({ matrix, binned, params, weights, kernels }: TrainRequest): void {
  const table = binned?.matrix ?? matrix;
  if (!table) return;
  const { outputs } = makeObjective(params.objective, params);
  const size = sizeOf(table, outputs, weights !== undefined);
  checkMemory(binned?.kernels ?? kernels ?? referenceKernels, size, trainingBytes(size, params));
}

async function boostOn(binned: BinnedMatrix, request: TrainRequest, control: Control): Promise<TrainResult> {
  const rows = rowsOf(request, binned);
  const { params } = request;
  const objective = makeObjective(params.objective, params);
  const data = {
    labels: floatLabels(binned.matrix),
    weights: request.weights,
    queries: binned.matrix.queries,
  };
  objective.checkLabels(data, rows);
  const given = request.baseBooster?.baseScore ?? params.base_score;
  const baseScores = startingScores(objective, data, rows, given);
  const base = baseScores.map((score) => objective.baseMargin(score));
  const run = await BoostingRun.start({ request, binned, rows, objective, data, base }, new Pacer(control));
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
  return {
    booster: finishedBooster(run, { request, binned, objective, baseScores }),
    history: Object.fromEntries(run.watched.map((set) => [set.name, set.history])),
    bestIteration: run.bestRound,
    grownOn: run.grownOn,
  };
}

interface Finished {
  readonly request: TrainRequest;
  readonly binned: BinnedMatrix;
  readonly objective: Objective;
  readonly baseScores: Float32Array;
}

/** The trees up to the best round. */
function finishedBooster(run: BoostingRun, { request, binned, objective, baseScores }: Finished): Booster {
  const { params, earlyStoppingRounds } = request;
  const kept = (run.bestRound + 1) * objective.outputs * params.num_parallel_tree;
  const { featureNames, featureTypes, categories } = binned.matrix;
  return {
    params,
    featureNames,
    ...(featureTypes ? { featureTypes } : {}),
    ...(categories ? { categories } : {}),
    ...withBase(run.trees.slice(0, kept), baseScores, objective.outputs * params.num_parallel_tree),
    ...(objective.outputs > 1 ? { treeOutputs: Int32Array.from(run.outputs.slice(0, kept)) } : {}),
    ...(run.bestWeights ? { treeWeights: Float32Array.from(run.bestWeights.slice(0, kept)) } : {}),
    ...(earlyStoppingRounds === undefined ? {} : { bestIteration: run.bestRound }),
  };
}

/**
 * One base score for all outputs. Where they start from different ones, as classes do, the difference goes into the
 * leaves of each output's first tree: older readers know one number only.
 */
function withBase(
  trees: readonly RegTree[],
  baseScores: Float32Array,
  treesARound: number,
): Pick<Booster, 'trees' | 'baseScore'> {
  const [first = 0] = baseScores;
  if (baseScores.every((score) => score === first)) return { baseScore: first, trees };
  const parallel = treesARound / baseScores.length;
  const moved = trees.map((tree, index) => {
    if (index >= treesARound || index % parallel !== 0) return tree;
    const offset = baseScores[index / parallel] as number;
    const splitConditions = tree.splitConditions.map((value, node) =>
      (tree.leftChildren[node] as number) < 0 ? value + offset : value,
    );
    return { ...tree, splitConditions };
  });
  return { baseScore: NO_BASE, trees: moved };
}

/** [outputs] numbers to start from: base_score when given, else what the labels suggest. */
function startingScores(
  objective: Objective,
  data: LabelledRows,
  rows: Int32Array,
  given: number | undefined,
): Float32Array {
  if (given === undefined) return objective.baseScore(data, rows);
  return new Float32Array(objective.outputs).fill(given);
}

async function binnedOf(request: TrainRequest, control: Control): Promise<BinnedMatrix> {
  const { binned, matrix, params, kernels } = request;
  if (binned?.maxBin === params.max_bin) return binned;
  const source = binned?.matrix ?? matrix;
  return binMatrix(source ?? { featureNames: [], columns: [], labels: new Float32Array() }, params.max_bin, control, {
    cutRows: binned?.cutRows,
    kernels: binned?.kernels ?? kernels,
  });
}
