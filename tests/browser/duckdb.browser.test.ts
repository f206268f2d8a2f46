import duckdbWasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import duckdbWorker from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb } from '../../src/platform/duckdb/browser';
import { sqlContract, type OpenEngine } from '../contracts/sql-engine';

describe('DuckDB in Chromium', () => {
  let engine: OpenEngine;
  const absolute = (url: string) => new URL(url, location.href).href;
  const open = () => openDuckDb({ wasmUrl: absolute(duckdbWasm), workerUrl: absolute(duckdbWorker) });
  beforeAll(async () => {
    engine = await open();
  }, 60_000);
  afterAll(() => engine.close());
  sqlContract(() => engine);

  test('an engine that broke down says so, to every later call too', { timeout: 120_000 }, async () => {
    const broken = await open();
    const greedy = 'SELECT list_sum(range(1000000000)) AS n';
    await expect(broken.query(greedy)).rejects.toMatchObject({ code: 'WORKER_LOST' });
    await expect(broken.query('SELECT 1 AS n')).rejects.toThrow('The SQL engine broke down');
  });
});
