/** Names of the peers, in the order in which they take turns. */
export const PEERS = /** @type {const} */ (['node', 'chromium', 'xgboost', 'lightgbm', 'sklearn', 'ydf', 'ml-xgboost']);

/** @typedef {(typeof PEERS)[number]} PeerName */

/**
 * @typedef {{ readonly rows: readonly number[], readonly depth: readonly number[], readonly threads: readonly number[],
 *   readonly runs: number, readonly limit: number, readonly peers: readonly PeerName[], readonly write: boolean }} Options
 */

export const USAGE = `npm run bench -- training [options]
  --rows 10k,100k,1M   rows trained on; a fifth of the table is held out on top
  --depth 6,8          depth of the trees
  --threads 1,2        threads given to each peer
  --runs 5             runs of each peer in each cell; the median counts
  --peers LIST         ${PEERS.join(', ')}
  --limit 180          seconds a run of an npm peer may take
  --write              store the tables as bench/results.md`;

const DEFAULTS = { rows: '10k,100k,1M', depth: '6,8', threads: '1,2', runs: '5', limit: '180', peers: PEERS.join() };

/**
 * What was asked for, or the sentence that says what is wrong with it.
 * @param {readonly string[]} args
 * @returns {Options | string}
 */
export function readOptions(args) {
  /** @type {Record<string, string>} */
  const given = { ...DEFAULTS };
  let write = false;
  for (let i = 0; i < args.length; i++) {
    const [flag = '', joined] = (args[i] ?? '').split('=');
    const name = flag.replace(/^--/, '');
    if (flag === '--write' && joined === undefined) write = true;
    else if (!flag.startsWith('--') || !Object.hasOwn(DEFAULTS, name)) return `There is no option ${flag}.`;
    else given[name] = joined ?? args[++i] ?? '';
  }
  return checked(given, write);
}

/**
 * @param {Readonly<Record<string, string>>} given
 * @param {boolean} write
 * @returns {Options | string}
 */
function checked(given, write) {
  const rows = numbers(given.rows, 1000, 10_000_000);
  if (!rows) return `--rows ${given.rows} is not a list of sizes from 1k to 10M, such as 10k,100k,1M.`;
  const depth = numbers(given.depth, 1, 12);
  if (!depth) return `--depth ${given.depth} is not a list of depths from 1 to 12.`;
  const threads = numbers(given.threads, 1, 256);
  if (!threads) return `--threads ${given.threads} is not a list of thread counts from 1 to 256.`;
  const [runs, ...moreRuns] = numbers(given.runs, 1, 1000) ?? [];
  if (runs === undefined || moreRuns.length > 0) return `--runs ${given.runs} is not a number of runs, at least 1.`;
  const [limit, ...moreLimits] = numbers(given.limit, 1, 86_400) ?? [];
  if (limit === undefined || moreLimits.length > 0) return `--limit ${given.limit} is not a number of seconds.`;
  const asked = (given.peers ?? '').split(',');
  const strangers = asked.filter((name) => !PEERS.some((peer) => peer === name));
  if (strangers.length > 0) return `There is no peer ${strangers.join(', ')}; there are ${PEERS.join(', ')}.`;
  return { rows, depth, threads, runs, limit, peers: PEERS.filter((name) => asked.includes(name)), write };
}

/**
 * A list of whole numbers, k and M standing for thousands and millions; null when it is anything else.
 * @param {string | undefined} text
 * @param {number} least
 * @param {number} most
 */
function numbers(text, least, most) {
  const values = (text ?? '').split(',').map((word) => {
    const [, digits, unit] = /^(\d+)([kM]?)$/.exec(word) ?? [];
    return Number(digits) * (unit === 'k' ? 1000 : unit === 'M' ? 1_000_000 : 1);
  });
  const unique = [...new Set(values)].sort((a, b) => a - b);
  return unique.every((value) => value >= least && value <= most) ? unique : null;
}

/** @param {number} rows */
export function rowsText(rows) {
  if (rows % 1_000_000 === 0) return `${rows / 1_000_000}M`;
  return rows % 1000 === 0 ? `${rows / 1000}k` : String(rows);
}
