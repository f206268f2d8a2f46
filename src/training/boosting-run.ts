import { roundsOf } from './continuation';
import type { BinnedTree, BoostingRows } from '../kernels/types';
import { withinCuts, type BinnedMatrix } from './bin-matrix';
import { Dropout } from './dart';
import { EarlyStopping } from './early-stopping';
import { Margins } from './margins';
import type { LabelledRows, Objective } from './objectives/types';
import type { Pacer } from './pacer';
import { RoundSampler } from './sampling';
import { makeEvalMetric } from './eval-metrics';
import { evalSetsOf, floatLabels, type TrainRequest } from './train-request';
import { TreeBuilder } from './tree-builder';
import { splitRules } from './tree-rules';
import type { Booster, RegTree, TrainingMatrix } from './types';
import { WatchedSet } from './watched-set';

/** Rows between two chances to pause. */
const CHUNK = 65536;

export interface RunSource {
  readonly request: TrainRequest;
  readonly binned: BinnedMatrix;
  readonly rows: Int32Array;
  readonly objective: Objective;
  readonly data: LabelledRows;
  /** [outputs] margins before the first tree. */
  readonly base: Float32Array;
}

/** One training from first to last round. */
export class BoostingRun {
  /** Those of the base model first. */
  readonly trees: RegTree[];
  /** Output of each tree. */
  readonly outputs: number[];
  /** Rounds of the base model. */
  readonly #firstRound: number;
  bestRound = 0;
  /** dart: weights of the trees at the best round. */
  bestWeights: readonly number[] | null = null;
  readonly #source: RunSource;
  readonly #pacer: Pacer;
  readonly #rows: BoostingRows;
  /** Watched rows, those trained on first; early stopping follows the last. */
  readonly watched: readonly WatchedSet[];
  /** Margins of watched rows that are not among the bins. */
  readonly #outside: readonly Margins[];
  /** How many validation rows are. */
  readonly #inside: number;
  readonly #sampler: RoundSampler;
  readonly #builder: TreeBuilder;
  readonly #dropout: Dropout | null;
  /** dart: every tree so far, by bins. */
  readonly #binnedTrees: BinnedTree[] = [];

  constructor(source: RunSource, pacer: Pacer) {
    const { request, binned, rows, base, objective, data } = source;
    const { params } = request;
    const { layout } = binned.bins;
    this.#source = source;
    this.#pacer = pacer;
    const { baseBooster } = request;
    this.#firstRound = baseBooster ? roundsOf(baseBooster) : 0;
    this.trees = [...(baseBooster?.trees ?? [])];
    this.outputs = this.trees.map((_, index) => baseBooster?.treeOutputs?.[index] ?? 0);
    const asked = request.validationRows;
    const validationRows = asked && withinCuts(binned, asked) ? asked : undefined;
    this.#inside = validationRows?.length ?? 0;
    this.#sampler = new RoundSampler(params, rows, binned.matrix.columns.length);
    const rules = splitRules(params, binned.categorical, layout.featureCount);
    this.#rows = binned.bins.startBoosting({
      labels: data.labels,
      weights: data.weights,
      positiveWeight: params.scale_pos_weight,
      outputs: objective.outputs,
      base,
      trainRows: rows,
      validationRows,
      limits: rules,
    });
    const eta = Math.fround(Math.fround(params.eta) / params.num_parallel_tree);
    this.#builder = new TreeBuilder({ rows: this.#rows, layout, cuts: binned.cuts, rules, params, eta }, pacer);
    this.#dropout = params.booster === 'dart' ? new Dropout(params) : null;
    const { watched: sets, outside } = watchedSets(source, { inside: this.#rows, validationRows }, pacer);
    this.watched = sets;
    this.#outside = outside;
  }

  async boost(): Promise<void> {
    const { numBoostRound, earlyStoppingRounds, onRound, baseBooster } = this.#source.request;
    if (baseBooster) await this.#startFrom(baseBooster);
    const stopping =
      earlyStoppingRounds === undefined ? null : new EarlyStopping(earlyStoppingRounds, this.#firstRound);
    const end = this.#firstRound + numBoostRound;
    for (let round = this.#firstRound; round < end; round++) {
      const done = round - this.#firstRound;
      this.#pacer.progress = { label: `tree ${done + 1} of ${numBoostRound}`, done, total: numBoostRound };
      await this.#addRound(round);
      const metrics: Record<string, Readonly<Record<string, number>>> = {};
      for (const set of this.watched) metrics[set.name] = await set.measure();
      this.bestRound = round;
      onRound?.(round, metrics);
      const followed = this.watched.at(-1);
      const last = followed?.last(metrics[followed.name] ?? {});
      const stop = last !== undefined && stopping?.seen(round, last.value, last.direction) === true;
      if (stopping?.bestRound === round) this.#keepWeights();
      if (stop) break;
    }
    if (stopping) this.bestRound = stopping.bestRound;
    if (!stopping) this.#keepWeights();
  }

  /** Margins as if the trees of the base model had just been grown. */
  async #startFrom({ trees }: Booster): Promise<void> {
    const { columns, labels } = this.#source.binned.matrix;
    const inside = new Margins(columns, Int32Array.from(labels.keys()), this.#source.base, this.#pacer);
    for (const [index, tree] of trees.entries()) {
      for (const margins of [inside, ...this.#outside]) await margins.addTree(tree, this.outputs[index] ?? 0, 1);
    }
    this.#rows.margins().set(inside.copy());
  }

  close(): void {
    this.#rows.close();
  }

  #keepWeights(): void {
    if (this.#dropout) this.bestWeights = [...this.#dropout.weights];
  }

  async #addRound(round: number): Promise<void> {
    const { objective, request } = this.#source;
    const { num_parallel_tree } = request.params;
    if (this.#dropout) await this.#leaveOut(this.#dropout, round);
    await this.#gradients(round);
    const before = this.trees.length;
    for (let output = 0; output < objective.outputs; output++) {
      this.#rows.setOutput(output);
      for (let i = 0; i < num_parallel_tree; i++) await this.#addTree(output);
    }
    if (!this.#dropout) return;
    this.#dropout.add(this.trees.length - before);
    await this.#weighAgain(this.#dropout.weights, []);
  }

  async #leaveOut(dropout: Dropout, round: number): Promise<void> {
    dropout.draw(round);
    if (dropout.dropped.length > 0) await this.#weighAgain(dropout.weights, dropout.dropped);
  }

  /** dart: margins as the weighted sum of the trees that are not left out. */
  async #weighAgain(weights: readonly number[], without: readonly number[]): Promise<void> {
    this.#rows.resetMargins();
    for (const margins of this.#outside) margins.reset();
    for (const [index, tree] of this.#binnedTrees.entries()) {
      if (without.includes(index)) continue;
      const weight = weights[index] ?? 1;
      const weighted = { ...tree, condition: tree.condition.map((value) => value * weight) };
      this.#rows.setOutput(this.outputs[index] ?? 0);
      await this.#inChunks(this.#source.rows.length, 4, (from, to) => this.#rows.addTree(weighted, 'train', from, to));
      await this.#inChunks(this.#inside, 4, (from, to) => this.#rows.addTree(weighted, 'validation', from, to));
      for (const margins of this.#outside) {
        await margins.addTree(this.trees[index] as RegTree, this.outputs[index] ?? 0, weight);
      }
    }
  }

  async #gradients(round: number): Promise<void> {
    const { rows, objective, data } = this.#source;
    if (objective.name === 'binary:logistic') {
      await this.#inChunks(rows.length, 2, (from, to) => this.#rows.logisticGradients(from, to));
      return;
    }
    const whole = data.queries ? rows.length : CHUNK;
    for (let from = 0; from < rows.length; from += whole) {
      const to = Math.min(from + whole, rows.length);
      const pairs = Array.from({ length: objective.outputs }, (_, output) => this.#rows.pairs(output));
      objective.gradients(data, this.#rows.margins(), { rows, from, to, round }, pairs);
      if (this.#pacer.due(4 * objective.outputs * (to - from))) await this.#pacer.rest();
    }
  }

  async #addTree(output: number): Promise<void> {
    const rows = this.#rows;
    const tree = this.trees.length;
    const { drawn, leftOut, features } = this.#sampler.draw(tree);
    rows.draw(drawn, leftOut);
    const scales = rows.chooseQuantisation();
    const sum = rows.quantise(scales);
    if (this.#pacer.due(2 * drawn.length)) await this.#pacer.rest();
    const hessianUnit = 1 / scales.hessianScale;
    const units = { gradientUnit: 1 / scales.gradientScale, hessianUnit };
    await this.#builder.grow({ tree, count: drawn.length, features, sum, ...units });
    const { nodes } = this.#builder;
    this.#adaptLeaves();
    this.trees.push(nodes.toTree(hessianUnit, this.#source.request.params.grow_policy === 'lossguide'));
    this.outputs.push(output);
    if (this.#dropout) this.#binnedTrees.push(nodes.toBinned());
    else await this.#addToMargins(leftOut.length);
  }

  /** Objectives whose best leaf value is no ratio of sums (medians, quantiles) say it themselves. */
  #adaptLeaves(): void {
    const { objective, data } = this.#source;
    if (!objective.leafValue) return;
    const { nodes, leafNodes, leafBegins, leafEnds, eta } = this.#builder;
    for (const [leaf, node] of leafNodes.entries()) {
      const rows = this.#rows.drawnRows(leafBegins[leaf] as number, leafEnds[leaf] as number);
      const value = objective.leafValue(data, this.#rows.margins(), rows);
      if (!Number.isNaN(value)) nodes.condition[node] = value * eta;
    }
  }

  async #addToMargins(leftOut: number): Promise<void> {
    const rows = this.#rows;
    const { nodes, leafNodes, leafBegins, leafEnds } = this.#builder;
    for (const [leaf, node] of leafNodes.entries()) {
      rows.addLeaf(leafBegins[leaf] as number, leafEnds[leaf] as number, nodes.condition[node] as number);
    }
    await this.#inChunks(leftOut, 4, (from, to) => rows.addTree(nodes, 'leftOut', from, to));
    await this.#inChunks(this.#inside, 4, (from, to) => rows.addTree(nodes, 'validation', from, to));
    for (const margins of this.#outside) {
      await margins.addTree(this.trees.at(-1) as RegTree, this.outputs.at(-1) ?? 0, 1);
    }
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

/** The rows trained on, and those the request wants watched: among the bins where their bins say all about them. */
function watchedSets(
  { request, binned, rows, objective, data, base }: RunSource,
  { inside, validationRows }: { readonly inside: BoostingRows; readonly validationRows: Int32Array | undefined },
  pacer: Pacer,
): { readonly watched: readonly WatchedSet[]; readonly outside: readonly Margins[] } {
  const names = request.evalMetrics ?? [objective.defaultMetric];
  const metrics = names.map((name) => makeEvalMetric(name, request.params));
  const what = { data, objective, metrics };
  const watched = [new WatchedSet('train', { inside, set: 'train', rows }, what, pacer)];
  const outside: Margins[] = [];
  const watchOutside = (name: string, matrix: TrainingMatrix, own: LabelledRows, list: Int32Array) => {
    const margins = new Margins(matrix.columns, list, base, pacer);
    outside.push(margins);
    watched.push(new WatchedSet(name, { outside: margins }, { ...what, data: own }, pacer));
  };
  if (request.validationRows) {
    if (validationRows) {
      watched.push(new WatchedSet('validation', { inside, set: 'validation', rows: validationRows }, what, pacer));
    } else watchOutside('validation', binned.matrix, data, request.validationRows);
  }
  for (const { name, matrix, weights } of evalSetsOf(request)) {
    const list = Int32Array.from({ length: matrix.labels.length }, (_, row) => row);
    const own = { labels: floatLabels(matrix), weights, queries: matrix.queries };
    objective.checkLabels(own, list);
    watchOutside(name, matrix, own, list);
  }
  return { watched, outside };
}
