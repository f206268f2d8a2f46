import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRepo, readSource, textKeysOf } from '../../../src/cli/feature-repo';
import { openSql } from '../../../src/cli/node-platform';
import { KEY_SEPARATOR, materialize } from '../../../src/features/materialize';
import { tablesAtHand } from '../../../src/features/raw-tables';
import { cellAt, type Table } from '../../../src/utils/columns';

interface Asked {
  /** Microseconds. */
  readonly from: number;
  readonly to: number;
  /** Default feast. */
  readonly mode?: 'feast' | 'leak_safe';
}

/** Materializes a folder's views as asked.json says and writes what the online store then holds to online.json. */
export async function answerOnline(folder: string): Promise<void> {
  const { from, to, mode = 'feast' } = JSON.parse(readFileSync(join(folder, 'asked.json'), 'utf8')) as Asked;
  const repo = await readRepo(folder);
  const tables = new Map<string, Table>();
  for (const [name, path] of repo.paths) tables.set(name, await readSource(folder, path, textKeysOf(repo)));
  const engine = await openSql();
  const batches = await materialize(
    tablesAtHand(tables, () => Promise.resolve(engine)),
    { definitions: repo.definitions, from, to, mode },
    {},
  );
  await engine.close();
  const plain = batches.flatMap(({ view, keys, values }) =>
    keys.map((key, row) => ({
      view,
      entity_key: key.split(KEY_SEPARATOR),
      values: Object.fromEntries([...values.columns].map(([name, column]) => [name, cellAt(column, row)])),
    })),
  );
  const text = JSON.stringify(plain, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  writeFileSync(join(folder, 'online.json'), text);
}
