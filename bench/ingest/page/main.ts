import type { Ingested, Request } from './worker';

declare global {
  interface Window {
    /** Asks the worker; what drives the page calls it. */
    askIngest: (request: Request) => Promise<Ingested | null>;
  }
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

window.askIngest = (request) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Ingested | { readonly fault: string } | null>) => {
      if (data && 'fault' in data) reject(new Error(data.fault));
      else resolve(data);
    };
    worker.onerror = ({ message }) => {
      reject(new Error(message));
    };
    worker.postMessage(request);
  });
