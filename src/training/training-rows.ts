import type { BinnedTree, BoostingRows, PairSum, Quantisation, SideSums } from '../kernels/types';
import { quantisationFor, summingUnits } from '../kernels/quantise/reference';
import type { LabelledRows, Objective } from './objectives/types';
import type { Pacer } from './pacer';
import type { RoundSample } from './sampling';
import { LOSS_BLOCK, lossOf } from './shards/loss-sums';
import type { ShardTeam } from './shards/team';

/** Rows between two chances to pause; a multiple of LOSS_BLOCK. */
const CHUNK = 65536;

/** Rows between two chances to pause while histograms are built. */
const HISTOGRAM_CHUNK = 131072;
/** What a small node costs, in row visits: clearing, subtracting and searching histograms. */
const LEAST_WORK = 4096;

/** The rows of one training: those of this worker, and the others' when a team shares them. */
export interface RowsSource {
  readonly local: BoostingRows;
  readonly team: ShardTeam | null;
  readonly objective: Objective;
  readonly data: LabelledRows;
  /** All rows trained on, of this worker and of the others; this worker has the first `localTrain`. */
  readonly trainRows: Int32Array;
  readonly localTrain: number;
  /** Watched rows of this worker. */
  readonly localValidation: number;
}

/** A drawn and quantised tree's start. */
export interface TreeStart {
  /** Rows drawn, of all workers. */
  readonly count: number;
  /** Rows drawn here. */
  readonly localCount: number;
  /** Histogram of the root, of all workers; -1 when it was not built. */
  readonly root: number;
  readonly sum: PairSum;
  readonly scales: Quantisation;
  /** What exact sums are taken in. */
  readonly units: Quantisation;
}

/** A weighted tree of dart. */
export interface WeighedTree {
  readonly tree: BinnedTree;
  readonly output: number;
}

/** Steps over all rows of a training. None depends on how workers share them. */
export class TrainingRows {
  readonly source: RowsSource;
  readonly #pacer: Pacer;
  #leftOut = 0;
  /** Whether the pairs are those of the margins as they stand. */
  #gradientsReady = false;

  constructor(source: RowsSource, pacer: Pacer) {
    this.source = source;
    this.#pacer = pacer;
  }

  async gradients(round: number): Promise<void> {
    const { local, team, objective, localTrain } = this.source;
    if (this.#gradientsReady) return;
    if (this.#needsAllRows) {
      await this.#queryGradients(round);
      return;
    }
    team?.gradients(round);
    if (objective.name === 'binary:logistic') {
      await this.inChunks(localTrain, 2, (from, to) => local.logisticGradients(from, to));
      return;
    }
    await this.inChunks(localTrain, 4 * objective.outputs, (from, to) => this.#pairsOf(from, to, round));
  }

  /** Draws rows, quantises their pairs and, unless a device will, builds the root. */
  async startTree(
    output: number,
    { drawn, leftOut }: Pick<RoundSample, 'drawn' | 'leftOut'>,
    features: Int32Array,
    buildsRoot = true,
  ): Promise<TreeStart> {
    const { local, team, trainRows, localTrain } = this.source;
    const all = leftOut.length === 0;
    const others = team?.draw(output, all ? null : drawn);
    const own = all ? trainRows.subarray(0, localTrain) : this.#ownOf(drawn);
    this.#leftOut = localTrain - own.length;
    local.setOutput(output);
    local.draw(own, leftOut.subarray(0, this.#leftOut));
    const largest = [local.largestPair(), ...((await others) ?? [])].reduce((a, b) => ({
      gradient: Math.max(a.gradient, b.gradient),
      hessian: Math.max(a.hessian, b.hessian),
    }));
    const count = drawn.length;
    const units = summingUnits(largest, count);
    const scales = quantisationFor(await this.#sideSums(units), units, count);
    const root = buildsRoot ? local.takeHistogram() : -1;
    const built = team?.quantise(scales, features, { rows: local, histogram: root });
    const ownSum = local.quantise(scales);
    if (this.#pacer.due(2 * own.length)) await this.#pacer.rest();
    local.setFeatures(features);
    if (buildsRoot) await this.build(root, 0, own.length, features.length);
    const sum = [ownSum, ...((await built) ?? [])].reduce(addPairs);
    return { count, localCount: own.length, root, sum, scales, units };
  }

  /** Adds rows [begin, end) of this worker to a histogram, with pauses when they are many. */
  async build(histogram: number, begin: number, end: number, features: number): Promise<void> {
    const { local } = this.source;
    for (let from = begin; from < end; from += HISTOGRAM_CHUNK) {
      const to = Math.min(from + HISTOGRAM_CHUNK, end);
      local.build(histogram, from, to);
      if (this.#pacer.due((to - from) * (features >> 2) + LEAST_WORK)) await this.#pacer.rest();
    }
  }

  /** Adds a tree's leaves to the margins of drawn rows; the others go down it. */
  async addTree(leaves: Leaves, tree: BinnedTree): Promise<void> {
    this.#gradientsReady = false;
    const { local, team, localValidation } = this.source;
    team?.addLeaves(Int32Array.from(leaves.nodes), plainTree(tree));
    for (const [i, node] of leaves.nodes.entries()) {
      local.addLeaf(leaves.begins[i] as number, leaves.ends[i] as number, tree.condition[node] as number);
    }
    await this.inChunks(this.#leftOut, 4, (from, to) => local.addTree(tree, 'leftOut', from, to));
    await this.inChunks(localValidation, 4, (from, to) => local.addTree(tree, 'validation', from, to));
  }

  /** dart: margins anew from these trees. */
  async weighAgain(trees: readonly WeighedTree[]): Promise<void> {
    this.#gradientsReady = false;
    const { local, team, localTrain, localValidation } = this.source;
    team?.weighAgain(trees);
    local.resetMargins();
    for (const { tree, output } of trees) {
      local.setOutput(output);
      await this.inChunks(localTrain, 4, (from, to) => local.addTree(tree, 'train', from, to));
      await this.inChunks(localValidation, 4, (from, to) => local.addTree(tree, 'validation', from, to));
    }
  }

  /** Sets all margins: [rowCount * outputs]. */
  setMargins(margins: Float32Array): void {
    this.#gradientsReady = false;
    this.source.local.margins().set(margins);
    this.source.team?.sendMargins(margins);
  }

  /** [rowCount * outputs] margins of all rows. A view that holds until the next step. */
  async margins(): Promise<Float32Array> {
    const { local, team } = this.source;
    await team?.collectMargins(local.margins());
    return local.margins();
  }

  /** Drawn rows of each leaf, of all workers, in the order of the row list. */
  async leafRows(leaves: Leaves): Promise<readonly Int32Array[]> {
    const { local, team } = this.source;
    const others = (await team?.leafRows(Int32Array.from(leaves.nodes))) ?? [];
    return leaves.nodes.map((_, i) => {
      const parts = [local.drawnRows(leaves.begins[i] as number, leaves.ends[i] as number), ...others.map((o) => o[i])];
      return joined(parts.filter((part) => part !== undefined));
    });
  }

  /** binary:logistic: sum of the log losses of a set, block by block. */
  async logLossSum(set: 'train' | 'validation'): Promise<number> {
    const { local, team, localTrain, localValidation } = this.source;
    const others = team?.lossSums(set);
    let sum = 0;
    await this.inChunks(set === 'train' ? localTrain : localValidation, 2, (from, to) => {
      for (let at = from; at < to; at += LOSS_BLOCK) sum += lossOf(local, set, at, Math.min(at + LOSS_BLOCK, to));
    });
    for (const blocks of (await others) ?? []) for (const block of blocks) sum += block;
    if (set === 'train') this.#gradientsReady = true;
    return sum;
  }

  /** Does rows [from, to) at a time, with pauses; each row costs `work` row visits of a histogram. */
  async inChunks(count: number, work: number, step: (from: number, to: number) => void): Promise<void> {
    for (let from = 0; from < count; from += CHUNK) {
      const to = Math.min(from + CHUNK, count);
      step(from, to);
      if (this.#pacer.due(work * (to - from))) await this.#pacer.rest();
    }
  }

  close(): void {
    this.source.local.close();
    this.source.team?.close();
  }

  /** Rows of one query may lie with several workers. */
  get #needsAllRows(): boolean {
    return this.source.objective.name.startsWith('rank:');
  }

  async #queryGradients(round: number): Promise<void> {
    const { local, team, objective, data, trainRows } = this.source;
    const margins = await this.margins();
    const pairs = local.pairs(0);
    objective.gradients(data, margins, { rows: trainRows, from: 0, to: trainRows.length, round }, [pairs]);
    team?.sendPairs(0, pairs);
    if (this.#pacer.due(8 * trainRows.length)) await this.#pacer.rest();
  }

  #pairsOf(from: number, to: number, round: number): void {
    const { local, objective, data, trainRows } = this.source;
    const pairs = Array.from({ length: objective.outputs }, (_, output) => local.pairs(output));
    objective.gradients(data, local.margins(), { rows: trainRows, from, to, round }, pairs);
  }

  async #sideSums(units: Quantisation): Promise<SideSums> {
    const { local, team } = this.source;
    const others = team?.sideSums(units);
    const own = local.sideSums(units);
    return [own, ...((await others) ?? [])].reduce((a, b) => ({
      positive: a.positive + b.positive,
      negative: a.negative + b.negative,
      hessian: a.hessian + b.hessian,
    }));
  }

  /** The drawn rows that this worker has: the list is in order, and it has its beginning. */
  #ownOf(drawn: Int32Array): Int32Array {
    const { team, trainRows, localTrain } = this.source;
    if (!team) return drawn;
    let count = 0;
    for (let i = 0; i < localTrain; i++) if (count < drawn.length && trainRows[i] === drawn[count]) count++;
    return drawn.subarray(0, count);
  }
}

/** Leaves of a tree and the rows [begin, end) of this worker in each. */
export interface Leaves {
  readonly nodes: readonly number[];
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

/** Without methods and spare room, so that it can be sent. */
function plainTree(tree: BinnedTree): BinnedTree {
  const { count, left, right, feature, bin, defaultLeft, condition, categories } = tree;
  return {
    count,
    left: left.slice(0, count),
    right: right.slice(0, count),
    feature: feature.slice(0, count),
    bin: bin.slice(0, count),
    defaultLeft: defaultLeft.slice(0, count),
    condition: condition.slice(0, count),
    categories: new Map(categories),
  };
}

function addPairs(a: PairSum, b: PairSum): PairSum {
  return { gradient: a.gradient + b.gradient, hessian: a.hessian + b.hessian };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  if (parts.length === 1) return parts[0] as Int32Array;
  const all = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
