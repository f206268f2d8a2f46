import { describe, expect, it } from 'vitest';
import { referenceKernels } from '../../src/kernels/reference';
import type { Kernels } from '../../src/kernels/types';
import { makeWasmKernels } from '../../src/kernels/wasm';
import { kernelsWasm } from '../../src/kernels/wasm-bytes';
import { instantiateWasm } from '../../src/platform/wasm/host';
import { testMatrix } from '../../src/training/made-up-table';
import { parseBoosterParams } from '../../src/training/params';
import { serveShard, shardPort, type MessageEnd } from '../../src/training/shards/message-port';
import { piecesOf, usefulWorkers } from '../../src/training/shards/pieces';
import type { ShardHost, ShardPort } from '../../src/training/shards/types';
import { trainBooster } from '../../src/training/train';
import { sharesRows } from './shards';

function wasmKernels(): Kernels {
  const module = instantiateWasm(kernelsWasm);
  if (!module) throw new Error('this host does not run the module');
  return makeWasmKernels(module);
}

/** Shards in this process; messages are cloned and given away as between workers, and come later. */
function hostHere(
  most: number,
  sharesMemory: boolean,
  kernels: () => Kernels,
  opened: ShardPort[] = [],
  lose: ((why: string) => void)[] = [],
): ShardHost {
  const open = () => {
    const { port1, port2 } = new MessageChannel();
    const [near, far] = [port1, port2].map((port): MessageEnd => ({
      post: (message, transfer) => {
        port.postMessage(message, [...transfer] as ArrayBuffer[]);
      },
      onMessage: (listener) => {
        port.onmessage = ({ data }: MessageEvent<unknown>) => {
          listener(data);
        };
      },
    })) as [MessageEnd, MessageEnd];
    serveShard(far, kernels());
    const port = shardPort(
      near,
      (lost) => lose.push(lost),
      () => {
        port1.close();
      },
    );
    opened.push(port);
    return port;
  };
  return { most, sharesMemory, leastCells: 0, open: (count) => Promise.resolve(Array.from({ length: count }, open)) };
}

describe('rows shared by workers, plain TypeScript', () => {
  sharesRows(
    () => referenceKernels,
    (workers, shared) => hostHere(workers - 1, shared, () => referenceKernels),
  );
});

describe('rows shared by workers, WebAssembly', () => {
  sharesRows(wasmKernels, (workers, shared) => hostHere(workers - 1, shared, wasmKernels));
});

describe('rows shared by workers', () => {
  const matrix = testMatrix(3000);
  const request = { matrix, params: parseBoosterParams({}), numBoostRound: 3 };

  it('cuts both lists into pieces of whole blocks that cover them', () => {
    expect(usefulWorkers(8, 3000, 0)).toBe(2);
    expect(usefulWorkers(8, 5, 0)).toBe(1);
    expect(usefulWorkers(8, 100_000, 40_000)).toBe(2);
    for (const [workers, train, validation] of [
      [1, 7, 0],
      [3, 5000, 100],
      [7, 100_000, 33_333],
    ] as const) {
      const pieces = piecesOf(workers, train, validation);
      expect(pieces[0]?.train.from).toBe(0);
      expect(pieces.at(-1)?.train.to).toBe(train);
      expect(pieces.at(-1)?.validation.to).toBe(validation);
      pieces.slice(1).forEach((piece, i) => {
        expect(piece.train.from).toBe(pieces[i]?.train.to);
        expect(piece.train.from % 1024).toBe(0);
        expect(piece.validation.from).toBe(pieces[i]?.validation.to);
      });
    }
  });

  it('says what went wrong in a shard, and closes all of them', async () => {
    const opened: ShardPort[] = [];
    const kernels: Kernels = {
      ...referenceKernels,
      makeBinTable: () => {
        throw new Error('no room');
      },
    };
    const shards = hostHere(1, false, () => kernels, opened);
    await expect(trainBooster({ ...request, shards }, {})).rejects.toThrow('no room');
    await expect(opened[0]?.call('margins', [])).rejects.toThrow(/was closed/);
  });

  it('fails when a worker dies in the middle of a round, with a sentence, and trains again with others', async () => {
    const lose: ((why: string) => void)[] = [];
    const shards = hostHere(1, false, () => referenceKernels, [], lose);
    const lost = trainBooster({ ...request, shards, onRound: () => lose[0]?.('out of memory') }, {});
    await expect(lost).rejects.toThrow(
      /A worker that held part of the rows stopped \(out of memory\), so this training was stopped/,
    );
    const again = await trainBooster({ ...request, shards: hostHere(1, false, () => referenceKernels) }, {});
    expect(again).toEqual(await trainBooster(request, {}));
  });

  it('stops at once when cancelled while others work, and leaves no worker', async () => {
    const opened: ShardPort[] = [];
    const signal = { aborted: false };
    const shards = hostHere(2, false, () => referenceKernels, opened);
    const big = testMatrix(40_000, 8);
    const run = trainBooster(
      { matrix: big, params: request.params, numBoostRound: 50, shards, onRound: () => (signal.aborted = true) },
      { signal },
    );
    await expect(run).rejects.toThrow(/cancelled/);
    await expect(opened[0]?.call('margins', [])).rejects.toThrow(/was closed/);
  });
});
