import { getOnlineFeatures } from '../../../src/features/get-online-features';
import { materialize } from '../../../src/features/materialize';
import { BEGINNING, onlineTables } from '../../../src/features/online/tables';
import { replaceOnline } from '../../../src/features/online/write';
import { tablesAtHand } from '../../../src/features/raw-tables';
import { decodeArrow } from '../../../src/platform/arrow/ipc';
import { openIndexedDb } from '../../../src/platform/indexeddb/records';
import type { Records } from '../../../src/utils/records';
import { makeRandom } from '../../../src/utils/random';
import { DEFINITIONS, END, keyOf } from '../table';

export type Request =
  | { readonly kind: 'fill' }
  | {
      readonly kind: 'read';
      readonly rows: number;
      readonly keys: number;
      readonly reads: number;
      readonly seed: number;
    };

export interface Answer {
  /** Milliseconds of each read, or of the whole filling. */
  readonly took: readonly number[];
  /** Values that were there. */
  readonly present: number;
}

let opened: Promise<Records> | null = null;

self.onmessage = ({ data }: MessageEvent<Request>) => {
  answer(data).then(
    (message) => self.postMessage(message),
    (error: unknown) => self.postMessage({ fault: String(error) }),
  );
};

async function answer(request: Request): Promise<Answer> {
  const records = await (opened ??= openIndexedDb('bench-online', onlineTables));
  return request.kind === 'fill' ? fill(records) : read(records, request);
}

async function fill(records: Records): Promise<Answer> {
  const response = await fetch(new URL('data/rows.arrow', self.location.origin));
  if (!response.ok) throw new Error(`rows: ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const started = performance.now();
  const noSql = () => Promise.reject(new Error('no SQL is needed'));
  const tables = tablesAtHand(new Map([['rows', decodeArrow(bytes)]]), noSql);
  const batches = await materialize(tables, { definitions: DEFINITIONS, from: BEGINNING, to: END }, {});
  const interval = { from: BEGINNING, to: END };
  await records.write(Object.keys(onlineTables), (tx) => replaceOnline(tx, 'bench', batches, { interval }));
  return { took: [performance.now() - started], present: batches[0]?.keys.length ?? 0 };
}

async function read(
  records: Records,
  { rows, keys, reads, seed }: Extract<Request, { kind: 'read' }>,
): Promise<Answer> {
  const random = makeRandom(seed, 'keys');
  const took: number[] = [];
  let present = 0;
  for (let i = 0; i < reads; i++) {
    const entityRows = Array.from({ length: keys }, () => ({ customer: keyOf(random.int(rows)) }));
    const started = performance.now();
    const answers = await getOnlineFeatures(records, {
      definitions: DEFINITIONS,
      model: 'bench',
      features: DEFINITIONS.service.features,
      entityRows,
      at: END,
    });
    took.push(performance.now() - started);
    present += answers.flat().filter(({ status }) => status === 'PRESENT').length;
  }
  return { took, present };
}
