import { existsSync, readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const SAMPLE_MS = 10;
/** New processes are looked for once in so many samples. */
const SAMPLES_PER_LOOK = 10;

export const canMeasure = existsSync('/proc/self/statm');

/** How it is measured, for whoever reads the numbers. */
export const HOW_MEASURED =
  `Sum of the resident memory (/proc/PID/statm) of a process and all its descendants, every ${SAMPLE_MS} ms while it ` +
  'trains: the highest sum less the sum when the data was loaded and training not begun. One run each, apart from the ' +
  'timed ones. Pages shared between processes count in each; in Chromium these are all of the browser’s processes.';

/**
 * Watches a process with its descendants, from now until stopped.
 * @param {number} pid
 * @returns {{ stop(): { readonly loaded: number, readonly peak: number } }} bytes
 */
export function watchMemory(pid) {
  let pids = withDescendants(pid);
  const loaded = residentBytes(pids);
  let peak = loaded;
  let samples = 0;
  const sample = () => {
    if (++samples % SAMPLES_PER_LOOK === 0) pids = withDescendants(pid);
    peak = Math.max(peak, residentBytes(pids));
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return { loaded, peak };
    },
  };
}

/** @param {readonly number[]} pids */
function residentBytes(pids) {
  return pids.reduce((sum, pid) => sum + Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES, 0);
}

/**
 * @param {number} pid
 * @returns {readonly number[]}
 */
function withDescendants(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The command's name, in brackets, may hold anything.
    const parent = Number(
      read(`/proc/${name}/stat`)
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [pid];
  for (const each of found) found.push(...(children.get(each) ?? []));
  return found;
}

/**
 * A file of /proc, empty when its process has ended.
 * @param {string} path
 */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
