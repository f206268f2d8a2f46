import type { BinnedTree } from '../kernels/types';
import { WorkbenchError } from '../utils/errors';
import { withinCuts, type BinnedMatrix } from './bin-matrix';
import { roundsOf } from './continuation';
import { Dropout } from './dart';
import { EarlyStopping } from './early-stopping';
import type { GrowthTable } from './growth/device';
import { nodesAtOnce } from './growth/local-growth';
import { TreeBuilder } from './growth/tree-builder';
import { splitRules } from './growth/tree-rules';
import { Margins } from './margins';
import type { LabelledRows, Objective } from './objectives/types';
import type { Pacer } from './pacer';
import { RoundSampler } from './sampling';
import { openTeam } from './shards/open-team';
import type { TrainRequest } from './train-request';
import { TrainingRows } from './training-rows';
import type { Booster, LiveCurves, RegTree } from './types';
import { watchedSets, type WatchedSet } from './watched-set';

export interface RunSource {
  readonly request: TrainRequest;
  readonly binned: BinnedMatrix;
  readonly rows: Int32Array;
  readonly objective: Objective;
  readonly data: LabelledRows;
  /** [outputs] margins before the first tree. */
  readonly base: Float32Array;
}

/** The device that grew the trees, and what it was lost by when it was: then the rest was grown by the kernels. */
export interface GrownOn {
  readonly device: 'webgpu' | null;
  readonly lost: string | null;
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
  readonly #rows: TrainingRows;
  /** Watched rows, those trained on first; early stopping follows the last. */
  readonly watched: readonly WatchedSet[];
  /** Margins of watched rows that are not among the bins. */
  readonly #outside: readonly Margins[];
  readonly #sampler: RoundSampler;
  readonly #builder: TreeBuilder;
  readonly #place: GrowthPlace;
  readonly #dropout: Dropout | null;
  /** dart: every tree so far, by bins. */
  readonly #binnedTrees: BinnedTree[] = [];

  private constructor(source: RunSource, parts: RunParts, pacer: Pacer) {
    const { rows, validationRows, place } = parts;
    const { request, binned } = source;
    const { params, baseBooster } = request;
    const { layout } = binned.bins;
    this.#source = source;
    this.#pacer = pacer;
    this.#rows = rows;
    this.#firstRound = baseBooster ? roundsOf(baseBooster) : 0;
    this.trees = [...(baseBooster?.trees ?? [])];
    this.outputs = this.trees.map((_, index) => baseBooster?.treeOutputs?.[index] ?? 0);
    this.#sampler = new RoundSampler(params, source.rows, layout.featureCount);
    const rules = splitRules(params, binned.categorical, layout.featureCount);
    const eta = Math.fround(Math.fround(params.eta) / params.num_parallel_tree);
    this.#builder = new TreeBuilder({ rows, layout, cuts: binned.cuts, rules, params, eta }, place.table);
    this.#place = place;
    this.#dropout = params.booster === 'dart' ? new Dropout(params) : null;
    const { watched, outside } = watchedSets(source, { inside: rows, validationRows }, pacer);
    this.watched = watched;
    this.#outside = outside;
  }

  /** Hands out the rows, to other workers too when the request brings some. */
  static async start(source: RunSource, pacer: Pacer): Promise<BoostingRun> {
    const { request, binned, rows: trainRows, objective, data, base } = source;
    const { params, validationRows: asked, shards } = request;
    const validationRows = asked && withinCuts(binned, asked) ? asked : null;
    const rules = splitRules(params, binned.categorical, binned.bins.layout.featureCount);
    const place = await openDevice(request, binned, trainRows.length);
    const { team, piece } = await openTeam(
      (place.table ? null : shards) ?? null,
      {
        binned,
        data,
        params,
        outputs: objective.outputs,
        base,
        trainRows,
        validationRows: validationRows ?? new Int32Array(),
      },
      nodesAtOnce(binned.bins.layout),
    );
    try {
      const local = binned.bins.startBoosting({
        labels: data.labels,
        weights: data.weights,
        positiveWeight: params.scale_pos_weight,
        outputs: objective.outputs,
        base,
        trainRows: trainRows.subarray(piece.train.from, piece.train.to),
        validationRows: validationRows?.subarray(piece.validation.from, piece.validation.to),
        limits: rules,
      });
      const localTrain = piece.train.to;
      const localValidation = piece.validation.to;
      const rows = new TrainingRows({ local, team, objective, data, trainRows, localTrain, localValidation }, pacer);
      return new BoostingRun(source, { rows, validationRows, place }, pacer);
    } catch (error) {
      team?.close();
      place.table?.close();
      throw error;
    }
  }

  async boost(): Promise<void> {
    const { numBoostRound, earlyStoppingRounds, onRound, stopAfter, baseBooster } = this.#source.request;
    if (baseBooster) await this.#startFrom(baseBooster);
    const stopping =
      earlyStoppingRounds === undefined ? null : new EarlyStopping(earlyStoppingRounds, this.#firstRound);
    const end = this.#firstRound + numBoostRound;
    for (let round = this.#firstRound; round < end; round++) {
      const done = round - this.#firstRound;
      this.#pacer.progress = {
        label: `tree ${done + 1} of ${numBoostRound}`,
        done,
        total: numBoostRound,
        detail: curvesOf(this.watched),
      };
      await this.#addRound(round);
      const metrics: Record<string, Readonly<Record<string, number>>> = {};
      for (const set of this.watched) metrics[set.name] = await set.measure();
      this.bestRound = round;
      onRound?.(round, metrics);
      const followed = this.watched.at(-1);
      const last = followed?.last(metrics[followed.name] ?? {});
      const stop = last !== undefined && stopping?.seen(round, last.value, last.direction) === true;
      if (stopping?.bestRound === round) this.#keepWeights();
      if (stop || stopAfter?.(metrics) === true) break;
    }
    if (stopping) this.bestRound = stopping.bestRound;
    if (!stopping) this.#keepWeights();
  }

  close(): void {
    this.#builder.close();
    this.#rows.close();
  }

  /** Where the trees were grown. */
  get grownOn(): GrownOn {
    const lost = this.#place.lost ?? this.#builder.deviceLost;
    return { device: this.#place.table !== null && lost === null ? 'webgpu' : null, lost };
  }

  /** Margins as if the trees of the base model had just been grown. */
  async #startFrom({ trees }: Booster): Promise<void> {
    const { columns, labels } = this.#source.binned.matrix;
    const inside = new Margins(columns, Int32Array.from(labels.keys()), this.#source.base, this.#pacer);
    for (const [index, tree] of trees.entries()) {
      for (const margins of [inside, ...this.#outside]) await margins.addTree(tree, this.outputs[index] ?? 0, 1);
    }
    this.#rows.setMargins(inside.copy());
  }

  #keepWeights(): void {
    if (this.#dropout) this.bestWeights = [...this.#dropout.weights];
  }

  async #addRound(round: number): Promise<void> {
    const { objective, request } = this.#source;
    const { num_parallel_tree } = request.params;
    if (this.#dropout) await this.#leaveOut(this.#dropout, round);
    await this.#rows.gradients(round);
    const before = this.trees.length;
    for (let output = 0; output < objective.outputs; output++) {
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
    const kept = [...this.#binnedTrees.keys()].filter((index) => !without.includes(index));
    await this.#rows.weighAgain(
      kept.map((index) => {
        const tree = this.#binnedTrees[index] as BinnedTree;
        const weight = weights[index] ?? 1;
        return {
          tree: { ...tree, condition: tree.condition.map((value) => value * weight) },
          output: this.outputs[index] ?? 0,
        };
      }),
    );
    for (const margins of this.#outside) {
      margins.reset();
      for (const index of kept) {
        await margins.addTree(this.trees[index] as RegTree, this.outputs[index] ?? 0, weights[index] ?? 1);
      }
    }
  }

  async #addTree(output: number): Promise<void> {
    const tree = this.trees.length;
    const { drawn, leftOut, features } = this.#sampler.draw(tree);
    const start = await this.#rows.startTree(output, { drawn, leftOut }, features, !this.#builder.onDevice);
    await this.#builder.grow(tree, features, start);
    await this.#adaptLeaves();
    const { nodes, leaves } = this.#builder;
    const lossguide = this.#source.request.params.grow_policy === 'lossguide';
    this.trees.push(nodes.toTree(1 / start.scales.hessianScale, lossguide));
    this.outputs.push(output);
    if (this.#dropout) {
      this.#binnedTrees.push(nodes.toBinned());
      return;
    }
    await this.#rows.addTree(leaves, nodes);
    for (const margins of this.#outside) await margins.addTree(this.trees[tree] as RegTree, output, 1);
  }

  /** Objectives whose best leaf value is no ratio of sums (medians, quantiles) say it themselves. */
  async #adaptLeaves(): Promise<void> {
    const { objective, data } = this.#source;
    if (!objective.leafValue) return;
    const { nodes, leaves, eta } = this.#builder;
    const rows = await this.#rows.leafRows(leaves);
    const margins = await this.#rows.margins();
    for (const [leaf, node] of leaves.nodes.entries()) {
      const value = objective.leafValue(data, margins, rows[leaf] as Int32Array);
      if (!Number.isNaN(value)) nodes.condition[node] = value * eta;
    }
  }
}

interface RunParts {
  readonly rows: TrainingRows;
  readonly validationRows: Int32Array | null;
  readonly place: GrowthPlace;
}

/** A device's table, or why there is none although a device should have taken it. */
interface GrowthPlace {
  readonly table: GrowthTable | null;
  readonly lost: string | null;
}

async function openDevice({ device }: TrainRequest, { bins }: BinnedMatrix, rows: number): Promise<GrowthPlace> {
  if (!device || rows * bins.layout.featureCount < device.leastCells) return { table: null, lost: null };
  try {
    return { table: await device.open(bins), lost: null };
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code !== 'DEVICE_LOST') throw error;
    return { table: null, lost: error.message };
  }
}

/** The metric that early stopping would follow, of each set, so far. */
function curvesOf(watched: readonly WatchedSet[]): LiveCurves {
  const metric = watched.flatMap(({ history }) => Object.keys(history)).at(-1) ?? '';
  return { metric, curves: Object.fromEntries(watched.map(({ name, history }) => [name, history[metric] ?? []])) };
}
