import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../../scripts/install.mjs';
import { watchMemory } from './memory.mjs';
import { MARK } from './protocol.mjs';

/**
 * @typedef {{ readonly seconds: number, readonly trees: number, readonly threads: number,
 *   readonly versions: Readonly<Record<string, string>>,
 *   readonly memory?: { readonly loaded: number, readonly peak: number } }} Outcome
 */

/** A pause before the first look at memory, so that what loading left behind is gone. */
const SETTLE_MS = 1000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => running.forEach(end));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(130));

/**
 * One training in a fresh process; a string says why there was none.
 * @param {import('./peers.mjs').Peer} peer
 * @param {import('./protocol.mjs').Order} order
 * @param {{ readonly memory?: boolean }} [watch]
 * @returns {Promise<Outcome | string>}
 */
export function runOnce(peer, order, { memory = false } = {}) {
  const [command = '', ...line] = peer.line;
  const child = spawn(command, [...line, JSON.stringify(order)], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  running.add(child);
  return new Promise((resolve) => {
    /** @type {Outcome | string | undefined} */
    let outcome;
    /** @type {ReturnType<typeof watchMemory> | undefined} */
    let watching;
    /** @type {Outcome['memory']} */
    let measured;
    let complaints = '';
    const limit = setTimeout(() => {
      outcome = `longer than ${peer.limit} s`;
      end(child);
    }, peer.limit * 1000);
    const start = (/** @type {number} */ pid) => {
      if (memory) watching = watchMemory(pid);
      child.stdin.write('go\n');
    };
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (!text.startsWith(MARK)) return;
      const message = JSON.parse(text.slice(MARK.length));
      if (message.loaded !== undefined) setTimeout(start, memory ? SETTLE_MS : 0, message.loaded);
      if (message.done) measured = watching?.stop();
      if (message.trained) outcome = { ...message.trained, ...(measured ? { memory: measured } : {}) };
    });
    child.stdin.on('error', () => {});
    child.stderr.on('data', (chunk) => (complaints = `${complaints}${chunk}`.slice(-20_000)));
    child.on('error', (error) => (outcome = error.message));
    child.on('close', (status) => {
      clearTimeout(limit);
      watching?.stop();
      running.delete(child);
      resolve(outcome ?? reasonIn(complaints) ?? `it ended with ${status} and said nothing`);
    });
  });
}

/**
 * Ends a process and what it started.
 * @param {import('node:child_process').ChildProcess} child
 */
function end(child) {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It had ended already.
  }
}

/**
 * The line that names an error; null when nothing was printed.
 * @param {string} complaints
 */
function reasonIn(complaints) {
  const lines = complaints.split('\n').map((line) => line.trim());
  const named = lines.findLast((line) => /^(\w*(Error|Exception)\b|exception thrown|abort)/i.test(line));
  const reason = named ?? lines.findLast((line) => line !== '' && !/^(at |Node\.js v)/.test(line));
  return reason?.slice(0, 120) ?? null;
}
