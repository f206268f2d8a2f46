import type { BinnedTree, BoostingRows, PairSum, Quantisation, SideSums } from '../../kernels/types';
import type { BinnedMatrix } from '../bin-matrix';
import type { LabelledRows } from '../objectives/types';
import type { BoosterParams } from '../types';
import type { Piece } from './pieces';
import type { Built, ShardPort, ShardSteps, ShardTable, SplitOrder } from './types';

/** What the shards are made from; rows are numbers of the binned matrix. */
export interface TeamSource {
  readonly binned: BinnedMatrix;
  readonly data: LabelledRows;
  readonly params: BoosterParams;
  readonly outputs: number;
  readonly base: Float32Array;
  readonly trainRows: Int32Array;
  readonly validationRows: Int32Array;
}

interface Member {
  readonly port: ShardPort;
  readonly piece: Piece;
  /** Its rows as the binned matrix numbers them: those trained on, then those watched. */
  readonly rows: Int32Array;
  readonly shared: Int32Array | null;
}

/**
 * The other workers of a training. All calls go out at once; answers come back in the order of the rows. Steps that have
 * no answer are not waited for: what went wrong in one is thrown by the next that has.
 */
export class ShardTeam {
  readonly #source: TeamSource;
  readonly #members: readonly Member[];
  #failure: Error | null = null;

  /** @param nodesAtOnce most histograms of one answer: what shared memory is made for; null without any. */
  constructor(source: TeamSource, ports: readonly ShardPort[], pieces: readonly Piece[], nodesAtOnce: number | null) {
    this.#source = source;
    const { trainRows, validationRows, binned } = source;
    const { slotCount } = binned.bins.layout;
    this.#members = ports.map((port, i) => {
      const piece = pieces[i] as Piece;
      const train = trainRows.subarray(piece.train.from, piece.train.to);
      const validation = validationRows.subarray(piece.validation.from, piece.validation.to);
      const rows = new Int32Array(train.length + validation.length);
      rows.set(train);
      rows.set(validation, train.length);
      const shared = nodesAtOnce === null ? null : new Int32Array(new SharedArrayBuffer(8 * slotCount * nodesAtOnce));
      return { port, piece, rows, shared };
    });
  }

  /** Hands out the rows. */
  async start(): Promise<void> {
    for (const member of this.#members) {
      const table = this.#tableOf(member);
      const given = [...table.codes, table.labels, ...(table.weights ? [table.weights] : [])];
      await member.port.call(
        'start',
        [table],
        given.map(({ buffer }) => buffer),
      );
    }
  }

  /** Ends the workers. */
  close(): void {
    for (const { port } of this.#members) port.close();
  }

  gradients(round: number): void {
    this.#tell('gradients', () => [round]);
  }

  /** Sends each its part of [2 * rowCount] pairs. */
  sendPairs(output: number, pairs: Float32Array): void {
    this.#tell('setPairs', ({ rows }) => [output, gathered(pairs, rows, 2)]);
  }

  /** Sends each its part of [rowCount * outputs] margins. */
  sendMargins(margins: Float32Array): void {
    this.#tell('setMargins', ({ rows }) => [gathered(margins, rows, this.#source.outputs)]);
  }

  /** Fills in the margins of the shards' rows. */
  async collectMargins(into: Float32Array): Promise<void> {
    const { outputs } = this.#source;
    const answers = await this.#ask('margins', () => []);
    answers.forEach((margins, m) => {
      const { rows } = this.#members[m] as Member;
      for (let i = 0; i < rows.length; i++) {
        const at = (rows[i] as number) * outputs;
        for (let k = 0; k < outputs; k++) into[at + k] = margins[i * outputs + k] as number;
      }
    });
  }

  /** Rows of the next tree; `drawn` by number, in the order of the list, all when null. */
  draw(output: number, drawn: Int32Array | null): Promise<readonly PairSum[]> {
    const parts = drawn && this.#share(drawn);
    return this.#ask('draw', (_, m) => [output, parts?.[m]?.drawn ?? null, parts?.[m]?.leftOut ?? null]);
  }

  sideSums(units: Quantisation): Promise<readonly SideSums[]> {
    return this.#ask('sideSums', () => [units]);
  }

  /** Quantises; adds the roots to `histogram` and returns the sums of pairs. */
  quantise(
    scales: Quantisation,
    features: Int32Array,
    into: { readonly rows: BoostingRows; readonly histogram: number },
  ): Promise<readonly PairSum[]> {
    return unheard(
      this.#ask('quantise', () => [scales, features]).then((answers) => {
        answers.forEach((answer, m) => this.#merge(answer, m, into.rows, [into.histogram]));
        return answers.map(({ sum }) => sum);
      }),
    );
  }

  partition(orders: readonly SplitOrder[]): void {
    this.#tell('partition', () => [orders]);
  }

  /** Begins to build nodes; what is returned adds them to `histograms` and gives the rows of all splits that went left. */
  build(nodes: Int32Array): (rows: BoostingRows, histograms: readonly number[]) => Promise<Int32Array> {
    const asked = this.#ask('build', () => [nodes]);
    return async (rows, histograms) => {
      const answers = await asked;
      const counts = new Int32Array(answers[0]?.leftCounts.length ?? 0);
      answers.forEach((answer, m) => {
        this.#merge(answer, m, rows, histograms);
        answer.leftCounts.forEach((count, i) => (counts[i] = (counts[i] as number) + count));
      });
      return counts;
    };
  }

  /** [2 * nodes] sums over the shards. */
  exactSums(nodes: Int32Array, units: Quantisation): Promise<Float64Array> {
    return unheard(
      this.#ask('exactSums', () => [nodes, units]).then((answers) => {
        const sums = new Float64Array(2 * nodes.length);
        for (const answer of answers) answer.forEach((sum, i) => (sums[i] = (sums[i] as number) + sum));
        return sums;
      }),
    );
  }

  /** Drawn rows of each node, by number of the binned matrix. */
  async leafRows(nodes: Int32Array): Promise<readonly (readonly Int32Array[])[]> {
    const answers = await this.#ask('leafRows', () => [nodes]);
    return answers.map((leaves, m) => {
      const { rows } = this.#members[m] as Member;
      return leaves.map((leaf) => leaf.map((row) => rows[row] as number));
    });
  }

  addLeaves(leaves: Int32Array, tree: BinnedTree): void {
    this.#tell('addLeaves', () => [leaves, tree]);
  }

  weighAgain(trees: readonly { readonly tree: BinnedTree; readonly output: number }[]): void {
    this.#tell('weighAgain', () => [trees]);
  }

  lossSums(set: 'train' | 'validation'): Promise<readonly Float64Array[]> {
    return this.#ask('lossSums', () => [set]);
  }

  #tableOf({ piece, rows, shared }: Member): ShardTable {
    const { binned, data, params, base } = this.#source;
    const { featureCount, binCounts, missingCodes } = binned.bins.layout;
    return {
      binCounts,
      hasMissing: Uint8Array.from(missingCodes, (code) => (code < 0 ? 0 : 1)),
      codes: Array.from({ length: featureCount }, (_, feature) => binned.bins.codes(feature, rows)),
      labels: gathered(data.labels, rows, 1),
      weights: data.weights ? gathered(data.weights, rows, 1) : null,
      trainCount: piece.train.to - piece.train.from,
      base,
      params,
      shared,
    };
  }

  /** Which rows of each shard are drawn, as the shard numbers them. */
  #share(drawn: Int32Array): readonly { readonly drawn: Int32Array; readonly leftOut: Int32Array }[] {
    const { trainRows } = this.#source;
    let next = 0;
    const first = this.#members[0]?.piece.train.from ?? trainRows.length;
    for (let i = 0; i < first; i++) if (trainRows[i] === drawn[next]) next++;
    return this.#members.map(({ piece: { train } }) => {
      const count = train.to - train.from;
      const inside = new Int32Array(count);
      const outside = new Int32Array(count);
      let found = 0;
      for (let i = 0; i < count; i++) {
        if (next < drawn.length && trainRows[train.from + i] === drawn[next]) {
          inside[found++] = i;
          next++;
        } else outside[i - found] = i;
      }
      return { drawn: inside.slice(0, found), leftOut: outside.slice(0, count - found) };
    });
  }

  #merge({ histograms }: Built, member: number, rows: BoostingRows, into: readonly number[]): void {
    const length = 2 * this.#source.binned.bins.layout.slotCount;
    const from = histograms ?? (this.#members[member]?.shared as Int32Array);
    into.forEach((histogram, i) => {
      rows.merge(histogram, from.subarray(i * length, (i + 1) * length));
    });
  }

  #tell<K extends keyof ShardSteps>(step: K, argsOf: (member: Member) => Parameters<ShardSteps[K]>): void {
    this.#ask(step, argsOf).catch(
      (error: unknown) => (this.#failure ??= error instanceof Error ? error : new Error(String(error))),
    );
  }

  #ask<K extends keyof ShardSteps>(
    step: K,
    argsOf: (member: Member, index: number) => Parameters<ShardSteps[K]>,
  ): Promise<readonly ReturnType<ShardSteps[K]>[]> {
    const calls = this.#failure
      ? [Promise.reject(this.#failure)]
      : this.#members.map((member, index) => member.port.call(step, argsOf(member, index)));
    return unheard(Promise.all(calls));
  }
}

/** A promise that may be dropped when its training is cancelled before anyone waits for it. */
function unheard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** values[row * width + k] of the listed rows, side by side. */
function gathered(values: Float32Array, rows: Int32Array, width: number): Float32Array {
  const found = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * width;
    for (let k = 0; k < width; k++) found[i * width + k] = values[at + k] as number;
  }
  return found;
}
