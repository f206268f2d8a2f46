import { describe, expect, it } from 'vitest';
import { memoryRecords } from '../../../src/platform/memory/records';
import { createVersion, registryTables, setAlias } from '../../../src/registry/versions';
import { searchModels, searchVersions } from '../../../src/registry/search';
import { checkKey } from '../../../src/tracking/keys';
import { newestFirst, runReader } from '../../../src/tracking/run-fields';
import { latestMetrics, metricRanges } from '../../../src/tracking/runs';
import { matcherOf } from '../../../src/tracking/search/match';
import { ordered, parseOrder } from '../../../src/tracking/search/order';
import { parseFilter } from '../../../src/tracking/search/parse-filter';
import type { Expression, FieldReader } from '../../../src/tracking/search/types';
import { RUN_WORDS } from '../../../src/tracking/search/vocabulary';
import type { Run, RunStatus } from '../../../src/tracking/types';
import written from './answers.json';

interface Asked<T> {
  readonly answer?: T;
  readonly refused?: string;
}

/** Written by make.py. */
interface Answers {
  readonly keys: readonly {
    readonly key: string;
    readonly metric: boolean;
    readonly param: boolean;
    readonly tag: boolean;
  }[];
  readonly aliases: readonly { readonly alias: string; readonly set: boolean }[];
  readonly runs: readonly {
    readonly run_id: string;
    readonly run_name: string;
    readonly status: RunStatus;
    readonly start_time: number;
    readonly end_time: number;
    readonly user_id: string;
    readonly params: Readonly<Record<string, string>>;
    readonly tags: Readonly<Record<string, string>>;
    readonly metrics: Readonly<Record<string, number | string>>;
    readonly points: readonly (readonly [key: string, value: number | string, timestamp: number, step: number])[];
    readonly datasets: readonly {
      readonly name: string;
      readonly digest: string;
      readonly contexts: readonly string[];
    }[];
  }[];
  readonly filters: readonly {
    readonly filter: string;
    readonly parsed: Asked<readonly (readonly [type: string, key: string, comparator: string, value: unknown])[]>;
    readonly sqlite: Asked<readonly number[]>;
    readonly memory: Asked<readonly number[]>;
  }[];
  readonly orders: readonly {
    readonly order_by: readonly string[] | null;
    readonly sqlite: Asked<readonly number[]>;
    readonly memory: Asked<readonly number[]>;
  }[];
  readonly models: readonly { readonly name: string; readonly tags: Readonly<Record<string, string>> }[];
  readonly versions: readonly {
    readonly name: string;
    readonly version: number;
    readonly run_id: string;
    readonly source: string;
    readonly tags: Readonly<Record<string, string>>;
  }[];
  readonly model_filters: readonly ({ readonly filter: string } & Asked<readonly string[]>)[];
  readonly model_orders: readonly ({ readonly order_by: readonly string[] | null } & Asked<readonly string[]>)[];
  readonly version_filters: readonly ({ readonly filter: string } & Asked<readonly (readonly [string, number])[]>)[];
  readonly version_orders: readonly ({ readonly order_by: readonly string[] } & Asked<
    readonly (readonly [string, number])[]
  >)[];
}
const answers = written as unknown as Answers;

interface Case {
  readonly at: number;
  readonly run: Run;
  readonly datasets: Answers['runs'][number]['datasets'];
}

const runs: readonly Case[] = answers.runs.map((one, at) => {
  const points = one.points.map(([key, value, timestamp, step]) => ({ key, value: Number(value), timestamp, step }));
  const { run_id, run_name, status, start_time, end_time, params } = one;
  return {
    at,
    datasets: one.datasets,
    run: {
      ...{ run_id, run_name, status, start_time, end_time, params, experiment_id: '1', seed: 0, config_digest: '' },
      lifecycle_stage: 'active',
      deleted_time: null,
      tags: { ...one.tags, 'mlflow.user': one.user_id },
      metrics: latestMetrics(points),
      metric_ranges: metricRanges(points),
      dataset: { name: '', digest: '', rows: 0 },
    },
  };
});

/** As for our runs, but with any number of data sets, each in any number of contexts. */
const read: FieldReader<Case> = (field) => {
  if (field.entity === 'dataset') {
    return ({ datasets }) =>
      datasets.flatMap((one) => (field.key === 'context' ? one.contexts : [one[field.key as 'name' | 'digest']]));
  }
  const ofRun = runReader(field);
  return ({ run }) => ofRun(run);
};

function ours<T>(work: () => T): Asked<T> {
  try {
    return { answer: work() };
  } catch (error) {
    return { refused: String(error) };
  }
}

function find(filter: string): readonly number[] {
  return runs.filter(matcherOf(parseFilter(filter, RUN_WORDS), read)).map(({ at }) => at);
}

const ENTITIES = { metric: 'metric', param: 'parameter', tag: 'tag', attribute: 'attribute', dataset: 'dataset' };
const ALIASES: Readonly<Record<string, string>> = {
  ...{ created: 'start_time', Created: 'start_time' },
  ...{ 'run name': 'run_name', 'Run name': 'run_name', 'Run Name': 'run_name' },
};

/** Clauses as MLflow's parser lists them, numbers as numbers. */
function clausesOf(expression: Expression): readonly unknown[] {
  if (expression.kind === 'not') throw new Error('MLflow has no NOT');
  if (expression.kind !== 'clause') return expression.parts.flatMap(clausesOf);
  const { field, comparator, values } = expression;
  const value = values.length === 0 ? null : comparator.endsWith('IN') ? values : values[0];
  return [[ENTITIES[field.entity], field.key, comparator, value]];
}

function plainClauses(clauses: NonNullable<Answers['filters'][number]['parsed']['answer']>): readonly unknown[] {
  return clauses.map(([type, key, comparator, value]) => {
    const isNumber = type === 'metric' || (type === 'attribute' && /_time$|^[cC]reated$/.test(key));
    return [type, type === 'attribute' ? (ALIASES[key] ?? key) : key, comparator, isNumber ? Number(value) : value];
  });
}

/**
 * What MLflow's parser, sqlparse, lets through that no one means and that is refused here (docs/tracking.md): clauses with
 * no AND between them or one too many, keys that are empty or begin with a space, lists with a comma too many or without
 * one. Last, a place of files, which is another one here.
 */
const SLIPS: ReadonlySet<string> = new Set([
  'metrics.loss > 0 metrics.acc > 0',
  'AND metrics.loss > 0',
  'metrics.loss > 0 AND',
  'metrics. > 0',
  'metrics. loss > 0',
  "run_id IN ('a',)",
  "run_id IN ('a' 'b')",
  "artifact_uri LIKE '%1'",
]);

describe('filters, as MLflow 3.17.2 has them', () => {
  const taken = answers.filters.filter(({ sqlite }) => sqlite.answer !== undefined);

  it('the store and the matcher in memory agree, so that there is one answer', () => {
    expect(taken.length).toBeGreaterThan(500);
    expect(taken.filter(({ sqlite, memory }) => JSON.stringify(sqlite) !== JSON.stringify(memory))).toEqual([]);
  });

  it('those that it takes are taken and find the same runs', () => {
    const different = taken.flatMap(({ filter, sqlite }) => {
      const mine = ours(() => find(filter));
      const same = JSON.stringify(mine.answer) === JSON.stringify(sqlite.answer);
      return same || SLIPS.has(filter) ? [] : [{ filter, theirs: sqlite.answer, ours: mine.answer ?? mine.refused }];
    });
    expect(different).toEqual([]);
  });

  it('and are read as the same clauses', () => {
    const different = taken.flatMap(({ filter, parsed }) => {
      if (SLIPS.has(filter) || !parsed.answer) return [];
      const mine = ours(() => clausesOf(parseFilter(filter, RUN_WORDS)));
      const theirs = plainClauses(parsed.answer);
      return JSON.stringify(mine.answer) === JSON.stringify(theirs) ? [] : [{ filter, theirs, ours: mine }];
    });
    expect(different).toEqual([]);
  });

  it('those beyond it are few and known by what they use', () => {
    const beyond = answers.filters.filter(
      ({ filter, sqlite }) => sqlite.refused !== undefined && ours(() => parseFilter(filter, RUN_WORDS)).answer,
    );
    const uses =
      /\b(OR|NOT|BETWEEN|IS|IN)\b|[()]|[-/:]|["'`]|^\s*$|(param|tag)\w*\.[^'"]*[=<>]\s*[\d.]|e\+|[rR]un [nN]ame|experiment_id|\.from\b|\.\d/i;
    expect(beyond.filter(({ filter }) => !uses.test(filter)).map(({ filter }) => filter)).toEqual([]);
  });
});

describe('orders, as MLflow 3.17.2 has them', () => {
  it.each(answers.orders.filter(({ sqlite }) => sqlite.answer !== undefined))('$order_by', ({ order_by, sqlite }) => {
    const orders = (order_by ?? []).map((text) => parseOrder(text, RUN_WORDS));
    const mine = ordered(runs, orders, read, (a, b) => newestFirst(a.run, b.run)).map(({ at }) => at);
    expect(mine).toEqual(sqlite.answer);
  });
});

describe('metrics and keys, as MLflow 3.17.2 has them', () => {
  it('the latest point of every metric', () => {
    for (const [at, { metrics }] of answers.runs.entries()) {
      const theirs = Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, Number(value)]));
      // Its SQL store keeps infinities as the greatest numbers there are, and no sign of 0.
      const kept = Object.entries(runs[at]?.run.metrics ?? {}).map(([key, value]) => [
        key,
        Number.isNaN(value) ? NaN : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)) + 0,
      ]);
      expect(Object.fromEntries(kept), `run ${at}`).toEqual(theirs);
    }
  });

  it.each(answers.keys)('the key "$key"', ({ key, ...theirs }) => {
    for (const kind of ['metric', 'param', 'tag'] as const) {
      expect(ours(() => checkKey(kind, key)).refused === undefined, kind).toBe(theirs[kind]);
    }
  });
});

describe('aliases, as MLflow 3.17.2 has them', () => {
  it.each(answers.aliases)('"$alias"', async ({ alias, set }) => {
    const records = memoryRecords(registryTables);
    const named = { name: 'heart', alias, version: 1, actor: 'test', reason: 'a test', now: 1 };
    const setting = records.write(Object.keys(registryTables), async (tx) => {
      await createVersion(tx, { name: 'heart', run_id: 'a', description: '', actor: 'test', now: 1 });
      await setAlias(tx, named);
    });
    // Python's $ lets a line break at the end through; ours does not.
    expect(await setting.then(() => true).catch(() => false)).toBe(set && !alias.endsWith('\n'));
  });
});

describe('registered models and versions, as MLflow 3.17.2 has them', () => {
  const models = answers.models.map((model, at) => ({ ...model, creation_timestamp: at }));
  const versions = answers.versions.map((version, at) => ({ ...version, creation_timestamp: at }));

  it.each(answers.model_filters.filter(({ answer }) => answer))('models: $filter', ({ filter, answer }) => {
    expect(
      searchModels(models, { filter })
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...(answer ?? [])].sort());
  });

  it.each(answers.model_orders.filter(({ answer }) => answer))('models by $order_by', ({ order_by, answer }) => {
    expect(searchModels(models, { orderBy: order_by ?? [] }).map(({ name }) => name)).toEqual(answer);
  });

  it.each(answers.version_filters.filter(({ answer }) => answer))('versions: $filter', ({ filter, answer }) => {
    const found = searchVersions(versions, { filter }).map(({ name, version }) => `${name} ${version}`);
    expect(found.sort()).toEqual((answer ?? []).map(([name, version]) => `${name} ${version}`).sort());
  });

  it.each(answers.version_orders.filter(({ answer }) => answer))('versions by $order_by', ({ order_by, answer }) => {
    const found = searchVersions(versions, { orderBy: order_by }).map(({ name, version }) => [name, version]);
    expect(found).toEqual(answer);
  });
});
