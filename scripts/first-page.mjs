import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSite, ensureInstalled, root } from './install.mjs';

const KILOBYTE = 1024;
/** Most that the page may load before it is usable, compressed. */
const LIMITS = { js: 200 * KILOBYTE, css: 30 * KILOBYTE };
const ON_DEMAND = /duckdb/;

/**
 * What the page fetches before it is usable: the entry and what it imports statically, and the workspace's worker, which
 * answers its first question, with its static imports. Sizes are those of gzip -9.
 * @param {string} site folder of the built site
 */
export function firstPage(site) {
  const html = readFileSync(join(site, 'index.html'), 'utf8');
  /** @type {Map<string, number>} */
  const sizes = new Map();
  const queue = [...html.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map((match) => match[1] ?? '');
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (sizes.has(name)) continue;
    const body = readFileSync(join(site, 'assets', name));
    sizes.set(name, gzipSync(body, { level: 9 }).byteLength);
    if (name.endsWith('.js')) queue.push(...loadedBy(body.toString('utf8')));
  }
  return sizes;
}

/**
 * Names of the scripts that a script loads as soon as it runs.
 * @param {string} script
 */
function loadedBy(script) {
  const imports = [...script.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)].map(
    (match) => match[1] ?? '',
  );
  return [...imports, ...(script.match(/workspace\.worker-[\w-]+\.js/g) ?? [])];
}

/**
 * The sentences to print and whether every one holds.
 * @param {ReadonlyMap<string, number>} sizes by file name, bytes
 */
export function judge(sizes) {
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / KILOBYTE).toFixed(1)} KB`;
  const lines = [...sizes].map(([name, size]) => `  ${kilobytes(size).padStart(9)}  ${name}`);
  let ok = true;
  for (const [kind, limit] of Object.entries(LIMITS)) {
    const total = [...sizes].reduce((sum, [name, size]) => (name.endsWith(`.${kind}`) ? sum + size : sum), 0);
    ok &&= total <= limit && total > 0;
    lines.push(
      `The first page loads ${kilobytes(total)} of compressed ${kind}; at most ${kilobytes(limit)} are allowed.`,
    );
  }
  const early = [...sizes.keys()].filter((name) => ON_DEMAND.test(name));
  if (early.length > 0) lines.push(`${early.join(', ')}: loads with the page, and must load when first needed.`);
  return { ok: ok && early.length === 0, text: lines.join('\n') };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  buildSite();
  const { ok, text } = judge(firstPage(join(root, 'dist')));
  console.log(text);
  process.exitCode = ok ? 0 : 1;
}
