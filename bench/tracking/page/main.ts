import type { Answer, Request } from './worker';

declare global {
  interface Window {
    /** Asks the worker; what drives the page calls it. */
    askTracking: (request: Request) => Promise<Answer>;
  }
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

window.askTracking = (request) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer | { readonly fault: string }>) => {
      if ('fault' in data) reject(new Error(data.fault));
      else resolve(data);
    };
    worker.onerror = ({ message }) => {
      reject(new Error(message));
    };
    worker.postMessage(request);
  });
