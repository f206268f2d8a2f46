import { shardHost } from '../../../workers/shard-host';
import { pause } from '../../../workers/rpc/pause';
import { predict, train, type Trained } from '../train';
import type { Answer, Request } from './messages';

interface Part {
  readonly columns: readonly Float32Array[];
  readonly labels: Uint8Array;
}

let part: Part | undefined;
let trained: Trained | undefined;

self.onmessage = ({ data }: MessageEvent<Request>) => {
  answer(data).then(
    (message) => self.postMessage(message),
    (error: unknown) => self.postMessage({ kind: 'failed', reason: String(error) } satisfies Answer),
  );
};

async function answer(request: Request): Promise<Answer> {
  if (request.kind === 'load') {
    part = await fetchPart('train', request.rows, request.columns);
    return { kind: 'done' };
  }
  if (!part) throw new Error('there is no data yet');
  if (request.kind === 'train') {
    const { threads, depth, trees } = request;
    trained = await train({ ...part, threads, depth, trees, pause, shards: shardHost });
    return { kind: 'trained', seconds: trained.seconds, threads: trained.threads, trees: trained.booster.trees.length };
  }
  if (!trained) throw new Error('there is no model yet');
  const { columns } = await fetchPart('test', request.rows, part.columns.length);
  await fetch('predictions', { method: 'POST', body: predict(trained.booster, columns).slice() });
  return { kind: 'done' };
}

async function fetchPart(name: 'train' | 'test', rows: number, columnCount: number): Promise<Part> {
  const values = await fetchBytes(`data/${name}.f32`);
  return {
    columns: Array.from({ length: columnCount }, (_, i) => new Float32Array(values, 4 * i * rows, rows)),
    labels: new Uint8Array(await fetchBytes(`data/${name}.labels`)),
  };
}

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  const response = await fetch(new URL(path, self.location.origin));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}
