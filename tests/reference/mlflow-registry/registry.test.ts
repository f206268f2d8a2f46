import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memoryRecords } from '../../../src/platform/memory/records';
import { deleteTag, describe as describeVersion, setTag } from '../../../src/registry/annotations';
import { verifyAudit, wholeAudit } from '../../../src/registry/audit';
import { checkAlias, checkTag } from '../../../src/registry/names';
import type { RegisteredModel } from '../../../src/registry/types';
import {
  copyVersion,
  createVersion,
  deleteAlias,
  deleteVersion,
  listVersions,
  registryTables,
  setAlias,
  versionByAlias,
} from '../../../src/registry/versions';
import { WorkbenchError } from '../../../src/utils/errors';
import type { RecordsTx } from '../../../src/utils/records';

interface Step {
  readonly kind: string;
  readonly name: string;
  readonly version?: number;
  readonly alias?: string;
  readonly run_id?: string;
  readonly to?: string;
  readonly key?: string;
  readonly value?: string;
  readonly description?: string;
  readonly ok: boolean;
  readonly answer: number | null;
}

interface Answers {
  readonly aliases: Readonly<Record<string, boolean>>;
  readonly tags: Readonly<Record<string, boolean>>;
  readonly sequences: readonly { readonly seed: number; readonly steps: readonly Step[]; readonly state: unknown }[];
}

const answers = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8')) as Answers;
const TABLES = Object.keys(registryTables);
const ENTRIES = Object.entries;

function accepts(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof WorkbenchError) return false;
    throw error;
  }
}

describe('names that MLflow takes', () => {
  it.each(ENTRIES(answers.aliases))('alias %j: %s', (alias, taken) => {
    expect(accepts(() => checkAlias(alias))).toBe(taken);
  });

  it.each(ENTRIES(answers.tags))('tag %j: %s', (key, taken) => {
    expect(accepts(() => checkTag(key, 'x'))).toBe(taken);
  });
});

async function take(tx: RecordsTx, step: Step, now: number): Promise<number | null> {
  const { name, version = 0, alias = '', key = '' } = step;
  const change = { name, version, actor: 'test', reason: 'a step', now };
  switch (step.kind) {
    case 'create':
      return (await createVersion(tx, { ...change, run_id: step.run_id ?? '', description: '' })).version;
    case 'delete':
      await deleteVersion(tx, change);
      return null;
    case 'set_alias':
      await setAlias(tx, { ...change, alias });
      return null;
    case 'delete_alias':
      await deleteAlias(tx, { ...change, alias });
      return null;
    case 'get_alias':
      return (await versionByAlias(tx, name, alias)).version;
    case 'copy':
      return (await copyVersion(tx, { ...change, to: step.to ?? '' })).version;
    case 'set_tag':
      await setTag(tx, { ...change, key, value: step.value ?? '' });
      return null;
    case 'delete_tag':
      await deleteTag(tx, { ...change, key });
      return null;
    case 'describe':
      await describeVersion(tx, { ...change, description: step.description ?? '' });
      return null;
    default:
      throw new Error(`no step ${step.kind}`);
  }
}

async function stateOf(tx: RecordsTx): Promise<unknown> {
  const models = await tx.query<RegisteredModel>('registered_models');
  const found: [string, unknown][] = [];
  for (const { name, aliases } of models) {
    const versions = (await listVersions(tx, name)).map(({ version, run_id, source, description, tags }) => ({
      version,
      run_id,
      source,
      description,
      tags,
    }));
    found.push([name, { aliases, versions }]);
  }
  return Object.fromEntries(found);
}

describe('sequences of steps end as in MLflow', () => {
  it.each(answers.sequences)('seed $seed', async ({ steps, state }) => {
    const records = memoryRecords(registryTables);
    const write = <T>(work: (tx: RecordsTx) => Promise<T>) => records.write(TABLES, work);
    for (const name of ['m', 'n']) {
      await write((tx) => createVersion(tx, { name, run_id: 'f'.repeat(32), description: '', actor: 'test', now: 0 }));
    }
    for (const [at, step] of steps.entries()) {
      const done = await write((tx) => take(tx, step, at)).then(
        (answer) => ({ ok: true, answer }),
        (error: unknown) => {
          if (error instanceof WorkbenchError) return { ok: false, answer: null };
          throw error;
        },
      );
      expect(done, `step ${at}: ${JSON.stringify(step)}`).toEqual({ ok: step.ok, answer: step.answer });
    }
    await records.read(TABLES, async (tx) => {
      expect(await stateOf(tx)).toEqual(state);
      expect(verifyAudit(await wholeAudit(tx))).toBeNull();
    });
  });
});
