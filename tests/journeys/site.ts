import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { expect, type Page } from '@playwright/test';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** A plain static host for the built site, which a journey can stop; `headers` go with the file they are for. */
export async function serveSite(
  edit?: (path: string, body: Buffer) => Buffer,
  headers: (path: string) => Readonly<Record<string, string>> = () => ({}),
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path =
      normalize(decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/')).replace(/^\/+/, '') || 'index.html';
    readFile(join('dist', path)).then(
      (body) => {
        for (const [name, value] of Object.entries(headers(path))) response.setHeader(name, value);
        response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
        response.end(edit ? edit(path, body) : body);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://localhost:${address.port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export const STAGES = ['data', 'features', 'training', 'registry', 'inference', 'monitoring'] as const;

/** Chooses small or full options and runs all stages, waiting for the last one. */
export async function runAll(
  page: Page,
  options: { readonly seed?: number; readonly rows?: number; readonly evals?: number } = {},
): Promise<void> {
  await openOptions(page);
  if (options.seed !== undefined) await page.getByTestId('seed-input').fill(String(options.seed));
  if (options.rows !== undefined) await page.getByTestId('rows-input').fill(String(options.rows));
  if (options.evals !== undefined) await page.getByTestId('evals-input').fill(String(options.evals));
  await page.getByTestId('run-all').click();
  await expect(page.getByTestId('cancel').first()).toBeVisible();
  await waitIdle(page);
}

/** Shows the run options when they are folded away. */
export async function openOptions(page: Page): Promise<void> {
  const seed = page.getByTestId('seed-input');
  if (!(await seed.isVisible())) await page.getByTestId('run-options').click();
  await expect(seed).toBeVisible();
}

/** Waits until nothing runs. */
export async function waitIdle(page: Page, timeout = 240_000): Promise<void> {
  await expect(page.getByTestId('cancel')).toHaveCount(0, { timeout });
}

/** Every stage has a result. */
export async function expectAllDone(page: Page): Promise<void> {
  for (const stage of STAGES) {
    await expect(page.getByTestId(`stage-${stage}`), stage).toHaveAttribute('data-status', /good|attention|alert/);
  }
}

/** SHA-256 over everything the workspace has committed. */
export function digest(page: Page): Promise<string> {
  return page.evaluate(() => window.glasshouse.digest());
}

/** Keeps the length in milliseconds of every main-thread task over 50 ms; call before the page is opened. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
  });
}

/** The long tasks since the last call. */
export function takeLongTasks(page: Page): Promise<readonly number[]> {
  return page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.splice(0));
}
