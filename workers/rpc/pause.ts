const TURN_MS = 12;
let last = 0;
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Lets queued messages in, at most once every 12 ms; otherwise resolves at once. */
export function pause(): Promise<void> {
  const now = performance.now();
  if (now - last < TURN_MS) return Promise.resolve();
  return new Promise((resolve) => {
    waiting.push(() => {
      last = performance.now();
      resolve();
    });
    channel.port2.postMessage(null);
  });
}
