import duckdbWasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import duckdbWorker from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import { afterAll, beforeAll, describe } from 'vitest';
import { openDuckDb } from '../../src/platform/duckdb/browser';
import { sqlContract, type OpenEngine } from '../contracts/sql-engine';

describe('DuckDB in Chromium', () => {
  let engine: OpenEngine;
  beforeAll(async () => {
    const absolute = (url: string) => new URL(url, location.href).href;
    engine = await openDuckDb({ wasmUrl: absolute(duckdbWasm), workerUrl: absolute(duckdbWorker) });
  }, 60_000);
  afterAll(() => engine.close());
  sqlContract(() => engine);
});
