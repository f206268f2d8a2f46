import { WorkbenchError } from '../../utils/errors';

export const BUNDLE_FORMAT = 'glasshouse.bundle';
/** Grows when an older reader could misunderstand what is written. */
export const BUNDLE_VERSION = 1;
export const MANIFEST = 'manifest.json';

/** One file of the archive. */
export interface BundleEntry {
  /** "records/<table>.jsonl" or "files/<path in the file store>". */
  readonly path: string;
  readonly bytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

/** What stands in manifest.json. */
export interface BundleManifest {
  readonly format: typeof BUNDLE_FORMAT;
  readonly format_version: number;
  /** "workspace": everything; "model": one model with its lineage. */
  readonly kind: 'workspace' | 'model';
  /** Milliseconds, wall clock. */
  readonly created_at: number;
  readonly models: readonly string[];
  readonly entries: readonly BundleEntry[];
}

export function refuseBundle(why: string): never {
  throw new WorkbenchError('INTEROP_INVALID', `The bundle ${why}. Nothing was changed.`);
}

/** What cannot stand in a model URI or a file's name, and markup. */
const UNNAMED = /[/\\:%<>"'\p{Cc}]/u;
const PLACE = /^(?:records\/[a-z_]{1,60}\.jsonl|files\/[\w.\-=]+(?:\/[\w.\-=]+)*)$/;

/** Reads manifest.json. Throws INTEROP_INVALID for a newer format and for one that says what it may not. */
export function readManifest(text: string): BundleManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuseBundle(`has a ${MANIFEST} that is not JSON`);
  }
  if (!isObject(value) || value['format'] !== BUNDLE_FORMAT) {
    return refuseBundle(`has a ${MANIFEST} of another format; expected "format": "${BUNDLE_FORMAT}"`);
  }
  const version = value['format_version'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return refuseBundle(`has a ${MANIFEST} without its format_version`);
  }
  if (version > BUNDLE_VERSION) {
    return refuseBundle(
      `was written by a newer Glasshouse (format ${version}; this one reads up to ${BUNDLE_VERSION}). Update Glasshouse and import it again`,
    );
  }
  const { kind, created_at, models, entries } = value;
  if (kind !== 'workspace' && kind !== 'model')
    return refuseBundle(`is of the kind ${shown(kind)}; expected workspace or model`);
  if (typeof created_at !== 'number' || !Number.isFinite(created_at))
    return refuseBundle('does not say when it was made');
  if (!Array.isArray(models) || !models.every(isModelName)) return refuseBundle('names a model that is no model name');
  if (!Array.isArray(entries) || !entries.every(isEntry))
    return refuseBundle(`lists a file in ${MANIFEST} that cannot be one of a bundle`);
  return { format: BUNDLE_FORMAT, format_version: version, kind, created_at, models, entries };
}

function isModelName(value: unknown): value is string {
  return typeof value === 'string' && isRegisteredName(value);
}

/** A registered model's name: anything that MLflow's URIs take, at most 256 characters, and no markup. */
export function isRegisteredName(name: string): boolean {
  return (
    name.trim() === name && name !== '' && name.length <= 512 && !UNNAMED.test(name) && name !== '.' && name !== '..'
  );
}

function isEntry(value: unknown): value is BundleEntry {
  if (!isObject(value)) return false;
  const { path, bytes, sha256 } = value;
  const plain =
    typeof path === 'string' && path.length <= 400 && PLACE.test(path) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(path);
  return (
    plain &&
    Number.isSafeInteger(bytes) &&
    (bytes as number) >= 0 &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 40)}"` : typeof value;
}
