import { checkpoint, type Control } from '../../utils/control';
import { sha256Hex } from '../../utils/hash';
import { utf8Bytes } from '../../utils/utf8';
import { ZipWriter } from '../../utils/zip';
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  MANIFEST,
  refuseBundle,
  type BundleEntry,
  type BundleManifest,
} from './manifest';
import { BUNDLE_LIMITS } from './limits';
import { recordText } from './record-text';

/** What goes into a bundle. */
export interface BundleContent extends Pick<BundleManifest, 'kind' | 'created_at' | 'models'> {
  /** By table, in the order of their keys. */
  readonly records: ReadonlyMap<string, readonly object[]>;
  /** By path in the file store, read when it is their turn. */
  readonly files: ReadonlyMap<string, () => Promise<Uint8Array>>;
}

/**
 * A zip of records (one line of JSON each) and files, with the SHA-256 of each in manifest.json. Equal content gives equal
 * bytes. Throws INTEROP_INVALID where it would be larger than bundles that are read.
 */
export async function writeBundle(content: BundleContent, control: Control): Promise<Uint8Array> {
  const zip = new ZipWriter();
  const entries: BundleEntry[] = [];
  const count = content.records.size + content.files.size;
  if (count >= BUNDLE_LIMITS.entries)
    refuseBundle(
      `would hold ${count} files, more than the ${BUNDLE_LIMITS.entries} that are read; compact the tables, or take one model at a time`,
    );
  let total = 0;
  const add = (path: string, bytes: Uint8Array, level: 1 | 6) => {
    total += bytes.length;
    if (bytes.length > BUNDLE_LIMITS.entry || total > BUNDLE_LIMITS.total) {
      refuseBundle(
        `would be larger than ${BUNDLE_LIMITS.total} bytes, which is as much as is read; take one model at a time`,
      );
    }
    entries.push({ path, bytes: bytes.length, sha256: sha256Hex(bytes) });
    zip.add(path, bytes, level);
  };
  let done = 0;
  for (const [table, records] of content.records) {
    await checkpoint(control, { label: `writing ${table}`, done: done++, total: count });
    if (records.length > 0) add(`records/${table}.jsonl`, lines(records), 6);
  }
  for (const [path, read] of content.files) {
    await checkpoint(control, { label: `writing ${path}`, done: done++, total: count });
    add(`files/${path}`, await read(), 1);
  }
  const { kind, created_at, models } = content;
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    format_version: BUNDLE_VERSION,
    kind,
    created_at,
    models,
    entries,
  };
  zip.add(MANIFEST, utf8Bytes(`${JSON.stringify(manifest, null, 1)}\n`), 6);
  return zip.finish();
}

function lines(records: readonly object[]): Uint8Array {
  const pieces = records.map((record) => utf8Bytes(`${recordText(record)}\n`));
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
