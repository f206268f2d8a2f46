import { decodeArrow } from '../../../src/platform/arrow/ipc';
import { opfsFiles } from '../../../src/platform/opfs/files';
import type { Table } from '../../../src/utils/columns';
import type { FileStore } from '../../../src/utils/records';
import { joinOnce, VIEWS, type Joined } from '../tables';

export type Request = { readonly kind: 'load' } | { readonly kind: 'join'; readonly mode: 'feast' | 'leak_safe' };

let entities: Table | undefined;
let store: FileStore | undefined;

self.onmessage = ({ data }: MessageEvent<Request>) => {
  answer(data).then(
    (message) => self.postMessage(message),
    (error: unknown) => self.postMessage({ fault: String(error) }),
  );
};

async function answer(request: Request): Promise<Joined | null> {
  if (request.kind === 'load') {
    entities = decodeArrow(await fetched('entities'));
    store = await opfsFiles('bench');
    for (const view of VIEWS) await store.write(`${view}.arrow`, await fetched(view));
    return null;
  }
  const files = store;
  if (!entities || !files) throw new Error('there is no data yet');
  const read = async (view: string): Promise<Uint8Array> => {
    const bytes = await files.read(`${view}.arrow`);
    if (!bytes) throw new Error(`${view} is not stored`);
    return bytes;
  };
  return joinOnce(entities, read, request.mode);
}

async function fetched(name: string): Promise<Uint8Array> {
  const response = await fetch(new URL(`data/${name}.arrow`, self.location.origin));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
