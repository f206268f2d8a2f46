/** Begins a line that is meant for the benchmark; peers print what they like beside it. */
export const MARK = '@bench ';

/**
 * What every peer process is started with.
 * @typedef {{ readonly data: string, readonly predictions: string, readonly threads: number, readonly depth: number,
 *   readonly trees: number }} Order
 */

/** The order this process was started with, the last argument. */
export function order() {
  return /** @type {Order} */ (JSON.parse(process.argv.at(-1) ?? '{}'));
}

/**
 * Says that the data is in memory and waits for the word to train.
 * @param {number} pid the process whose memory, with that of its children, is the peer's
 * @returns {Promise<void>}
 */
export function loaded(pid = process.pid) {
  say({ loaded: pid });
  return new Promise((resolve) => process.stdin.once('data', () => resolve()));
}

/**
 * Hands in how it went, and ends this process when that is out.
 * @param {{ readonly seconds: number, readonly trees: number, readonly threads: number,
 *   readonly versions: Readonly<Record<string, string>> }} result
 */
export function finish(result) {
  process.stdout.write(`${MARK}${JSON.stringify({ trained: result })}\n`, () => process.exit(0));
}

/** @param {object} message */
export function say(message) {
  process.stdout.write(`${MARK}${JSON.stringify(message)}\n`);
}
