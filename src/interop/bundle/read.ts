import { checkpoint, type Control } from '../../utils/control';
import { sha256Hex } from '../../utils/hash';
import { readZip, type ZipEntry } from '../../utils/unzip';
import { utf8Text } from '../../utils/utf8';
import { BUNDLE_LIMITS, MANIFEST_BYTES } from './limits';
import { MANIFEST, readManifest, refuseBundle, type BundleEntry, type BundleManifest } from './manifest';
import { readRecord } from './record-text';

/** A bundle whose every byte was checked against its hash. What its records mean is not judged yet. */
export interface ReadBundle {
  readonly manifest: BundleManifest;
  readonly records: ReadonlyMap<string, readonly object[]>;
  /** By path in the file store; unpacked when called. */
  readonly files: ReadonlyMap<string, () => Uint8Array>;
}

/**
 * Reads a bundle that may be hostile. Refused with the reason (INTEROP_INVALID): cut short or damaged, a file that the
 * manifest does not list or lists otherwise, another hash, a path that leaves its place, too many or too large files, a
 * zip bomb, a newer format, records that are none. Nothing it holds is run.
 */
export async function readBundle(bytes: Uint8Array, control: Control): Promise<ReadBundle> {
  const entries = new Map(readZip(bytes, 'The bundle', BUNDLE_LIMITS).map((entry) => [entry.path, entry]));
  const first = entries.get(MANIFEST);
  if (!first) return refuseBundle(`holds no ${MANIFEST}; it is a zip of something else`);
  if (first.size > MANIFEST_BYTES)
    return refuseBundle(`has a ${MANIFEST} of ${first.size} bytes, more than the ${MANIFEST_BYTES} that are read`);
  const manifest = readManifest(utf8Text(first.bytes()) ?? '');
  entries.delete(MANIFEST);
  checkListed(manifest.entries, entries);
  const records = new Map<string, readonly object[]>();
  const files = new Map<string, () => Uint8Array>();
  for (const [done, listed] of manifest.entries.entries()) {
    await checkpoint(control, { label: `checking ${listed.path}`, done, total: manifest.entries.length });
    const entry = entries.get(listed.path);
    if (!entry) continue;
    const content = entry.bytes();
    if (sha256Hex(content) !== listed.sha256)
      refuseBundle(`has a file that is not the one it was: ${listed.path} has another hash than the manifest says`);
    const name = listed.path.slice(listed.path.indexOf('/') + 1);
    if (listed.path.startsWith('files/')) files.set(name, () => entry.bytes());
    else records.set(name.slice(0, -'.jsonl'.length), readLines(listed.path, content));
  }
  return { manifest, records, files };
}

function checkListed(listed: readonly BundleEntry[], entries: ReadonlyMap<string, ZipEntry>): void {
  const names = new Set(listed.map(({ path }) => path));
  if (names.size !== listed.length) refuseBundle(`lists a file twice in ${MANIFEST}`);
  for (const path of entries.keys())
    if (!names.has(path)) refuseBundle(`holds the file "${path.slice(0, 80)}", which its manifest does not list`);
  for (const { path, bytes } of listed) {
    const entry = entries.get(path);
    if (!entry) return refuseBundle(`lacks the file ${path}, which its manifest lists`);
    if (entry.size !== bytes)
      return refuseBundle(
        `has a file that is not the one it was: ${path} has ${entry.size} bytes, and the manifest says ${bytes}`,
      );
  }
}

function readLines(path: string, bytes: Uint8Array): readonly object[] {
  const records: object[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from);
    const line = utf8Text(bytes.subarray(from, end < 0 ? bytes.length : end));
    const read = line === null ? { fault: 'is not UTF-8' } : readRecord(line);
    if ('fault' in read)
      return refuseBundle(`holds a record that cannot be read: ${path}, line ${records.length + 1}, ${read.fault}`);
    records.push(read.record);
    from = end < 0 ? bytes.length : end + 1;
  }
  return records;
}
