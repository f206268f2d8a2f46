import { afterAll, beforeAll, describe } from 'vitest';
import { openDuckDb } from '../../src/platform/duckdb/node';
import { sqlContract, type OpenEngine } from './sql-engine';

describe('DuckDB in Node', () => {
  let engine: OpenEngine;
  beforeAll(async () => {
    engine = await openDuckDb();
  });
  afterAll(() => engine.close());
  sqlContract(() => engine);
});
