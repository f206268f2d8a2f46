import { WorkbenchError } from '../utils/errors';

/** MLflow's limits, in code points (opendatahub-io/mlflow:mlflow/utils/validation.py). */
export const LIMITS = { key: 250, param: 6000, tag: 8000, experiment: 500, artifactPath: 500 } as const;

/** Python's `\w`: letters and digits of any script, but no combining marks. */
const NAME = /^[/\p{L}\p{N}_.\- :]*$/u;

/**
 * Refuses a metric, param or tag key that MLflow would: letters, digits, underscores, dashes, dots, spaces, colons and
 * slashes only, at most 250 characters, and a path that is its own shortest form ("a//b", "./a", "a/", "/a", ".." and ""
 * are not). Unlike Python's pattern this one refuses a trailing line break too.
 */
export function checkKey(kind: 'metric' | 'param' | 'tag', key: string): void {
  const where = `${kind} key "${shorten(key)}"`;
  if (!NAME.test(key)) {
    refuse(`${where} holds a character other than letters, digits, "_", "-", ".", " ", ":" and "/"; rename it`);
  }
  if (!isOwnPath(key)) refuse(`${where} is not a plain path; write it without "//", "./", "../" or a slash at an end`);
  checkLength(where, key, LIMITS.key);
}

/** Refuses an artifact path that leaves its run or has two spellings. */
export function checkArtifactPath(path: string): void {
  const where = `artifact path "${shorten(path)}"`;
  if (!isOwnPath(path) || path.includes('\\')) refuse(`${where} is not a plain relative path such as "plots/roc.json"`);
  checkLength(where, path, LIMITS.artifactPath);
}

/** Refuses text longer than `limit` code points; nothing is cut silently. */
export function checkLength(where: string, text: string, limit: number): void {
  if (text.length <= limit) return;
  const { length } = Array.from(text);
  if (length > limit)
    refuse(`${where} is ${length} characters long, and ${limit} is the most; shorten it or store it as an artifact`);
}

/** Equal to its POSIX-normalised form, and inside the folder it is relative to. */
function isOwnPath(path: string): boolean {
  if (path === '' || path === '.' || path.startsWith('..') || path.startsWith('/')) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export function refuse(message: string): never {
  throw new WorkbenchError('TRACKING_INVALID', message);
}
