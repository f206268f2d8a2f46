import { describe, expect, it } from 'vitest';
import { makeWasmKernels } from '../../src/kernels/wasm';
import { kernelsWasm } from '../../src/kernels/wasm-bytes';
import { instantiateWasm } from '../../src/platform/wasm/host';
import { testMatrix } from '../../src/training/made-up-table';
import { parseBoosterParams } from '../../src/training/params';
import { trainBooster } from '../../src/training/train';
import { shardHost } from '../../workers/shard-host';
import { sharesRows } from '../contracts/shards';

function kernels() {
  const module = instantiateWasm(kernelsWasm);
  if (!module) throw new Error('this browser does not run the module');
  return makeWasmKernels(module);
}

describe('rows shared by workers of the browser', () => {
  it('can be left in shared memory here', () => expect(typeof SharedArrayBuffer).toBe('function'));

  sharesRows(kernels, (workers, sharesMemory) => ({ ...shardHost(workers - 1, sharesMemory), leastCells: 0 }));

  it('fails with a sentence when a worker cannot start, and nothing hangs', async () => {
    const OwnWorker = Worker;
    class Broken extends OwnWorker {
      constructor() {
        super(URL.createObjectURL(new Blob(['throw new Error("no memory")'], { type: 'text/javascript' })));
      }
    }
    globalThis.Worker = Broken;
    try {
      const request = { matrix: testMatrix(3000), params: parseBoosterParams({}), numBoostRound: 3 };
      await expect(trainBooster({ ...request, shards: { ...shardHost(1), leastCells: 0 } }, {})).rejects.toThrow(
        /A worker that held part of the rows stopped \(.*no memory.*\), so this training was stopped/,
      );
    } finally {
      globalThis.Worker = OwnWorker;
    }
  });
});
