import { beforeEach, describe, expect, it } from 'vitest';
import { createVersion } from '../../src/registry/versions';
import { runViewTables } from '../../src/tracking/run-views';
import { recordRun, trackingTables } from '../../src/tracking/runs';
import type { RunDraft } from '../../src/tracking/types';
import type { Platform } from '../../src/pipeline/platform';
import type { Workspace } from '../../src/pipeline/workspace';
import { countedWorkspace } from './platform';

const TABLES = [...Object.keys(trackingTables), ...Object.keys(runViewTables)];
const ids = Array.from({ length: 6 }, (_, at) => String(at).repeat(32));
const [FIRST = '', SECOND = '', THIRD = '', OTHER = ''] = ids;

function draft(at: number, experiment = 'heart_disease'): RunDraft {
  return {
    experiment,
    run_name: `run ${at}`,
    status: 'FINISHED',
    start_time: 1000 * at,
    end_time: 1000 * at + 500,
    params: { eta: String(at / 10), objective: 'binary:logistic' },
    tags: { 'glasshouse.kind': 'xgboost' },
    metrics: [
      { key: 'validation.logloss', value: 0.9 - at / 10, timestamp: 1, step: 0 },
      { key: 'validation.logloss', value: 0.5, timestamp: 2, step: 1 },
      { key: 'holdout.roc_auc', value: 0.8 + at / 100, timestamp: 1, step: 0 },
    ],
    artifacts: [{ path: 'model.json', content: 'größe'.repeat(1000) }],
    dataset: { name: 'd', digest: 'x', rows: 3 },
    config_digest: 'c',
    seed: at,
  };
}

describe('runs of a workspace', () => {
  let workspace: Workspace;
  let platform: Platform;

  const add = (at: number, experiment?: string) =>
    platform.records.write(TABLES, (tx) => recordRun(tx, draft(at, experiment), ids[at] ?? ''));
  const names = async (filter: string, orderBy: readonly string[] = []) =>
    (await workspace.searchRuns({ models: ['heart_disease'], filter, orderBy })).rows.map(({ run_name }) => run_name);

  beforeEach(async () => {
    ({ workspace, platform } = countedWorkspace());
    for (const at of [0, 1, 2]) await add(at);
    await add(3, 'sepsis_prediction');
  });

  it('are found, ordered and paged with the columns asked for', async () => {
    expect(await names('')).toEqual(['run 2', 'run 1', 'run 0']);
    expect(await names('metrics.holdout.roc_auc > 0.805', ['params.eta ASC'])).toEqual(['run 1', 'run 2']);
    expect(await names('best.validation.logloss < 0.5')).toEqual([]);
    expect(await names('max.validation.logloss >= 0.8')).toEqual(['run 1', 'run 0']);
    const columns = [
      'metrics.validation.logloss',
      'max.validation.logloss',
      'params.eta',
      'dataset.digest',
      'tags.none',
    ];
    const page = await workspace.searchRuns({ models: ['heart_disease'], columns, offset: 1, limit: 1 });
    expect(page).toMatchObject({ total: 3, matched: 3, rows: [{ run_id: SECOND, kind: 'xgboost' }] });
    expect(page.rows[0]?.cells).toEqual([0.5, 0.8, '0.1', 'x', null]);
    expect((await workspace.searchRuns()).total).toBe(4);
    expect((await workspace.searchRuns({ models: ['nothing'] })).total).toBe(0);
    await expect(workspace.searchRuns({ limit: 0 })).rejects.toThrow(/limit is 0/);
    await expect(workspace.searchRuns({ filter: 'x >' })).rejects.toMatchObject({ details: { position: 0 } });
  });

  it('that are new are found at once', async () => {
    expect(await names('')).toHaveLength(3);
    await add(4);
    expect(await names('')).toHaveLength(4);
    await workspace.setRunTags(FIRST, { 'mlflow.note.content': 'the first one' });
    expect(await names("tags.mlflow.note.content LIKE '%first%'")).toEqual(['run 0']);
    await workspace.setRunTags(FIRST, { 'mlflow.note.content': null });
    expect(await names('tags.mlflow.note.content IS NOT NULL')).toEqual([]);
    await platform.records.write(['runs'], (tx) => tx.delete('runs', SECOND));
    await workspace.saveRunView('heart_disease', { name: 'any', filter: '', order_by: [], columns: [] });
    expect(await names('')).toHaveLength(3);
    await expect(workspace.setRunTags(FIRST, { 'a//b': 'x' })).rejects.toThrow(/tag key/);
    await expect(workspace.setRunTags('f'.repeat(32), {})).rejects.toThrow(/no run/);
  });

  it('know their keys', async () => {
    const keys = await workspace.runKeys('heart_disease');
    expect(keys.active).toBe(3);
    expect(keys.params).toEqual([
      { key: 'eta', runs: 3, varies: true },
      { key: 'objective', runs: 3, varies: false },
    ]);
    expect(keys.metrics).toContainEqual({ key: 'holdout.roc_auc', runs: 3, varies: false });
    expect(keys.metrics).toContainEqual({ key: 'validation.logloss', runs: 3, varies: true });
  });

  it('stand side by side with their curves', async () => {
    const compared = await workspace.compareRuns([FIRST, OTHER]);
    expect(compared.runs.map(({ experiment_id }) => experiment_id)).toEqual(['heart_disease', 'sepsis_prediction']);
    expect(compared.params).toContainEqual({ key: 'eta', values: ['0', '0.3'] });
    expect(compared.curves).toEqual(['validation.logloss']);
    expect(compared.evaluations).toEqual([null, null]);
    const [curve, none] = await workspace.runCurves([FIRST, OTHER], 'validation.logloss');
    expect(curve?.points.map(({ value }) => value)).toEqual([0.9, 0.5]);
    expect(none?.points).toHaveLength(2);
    await expect(workspace.compareRuns([FIRST, FIRST])).rejects.toThrow(/2 to 20 runs/);
  });

  it('go to the trash and back, and there is what they free when they are deleted', async () => {
    await expect(workspace.deleteRuns([FIRST])).rejects.toThrow(/not in the trash/);
    await workspace.trashRuns([FIRST, SECOND]);
    expect(await names('')).toEqual(['run 2']);
    const trash = await workspace.searchRuns({ models: ['heart_disease'], stages: 'deleted' });
    expect(trash.rows.map(({ run_name }) => run_name)).toEqual(['run 1', 'run 0']);
    expect(await workspace.runKeys('heart_disease')).toMatchObject({ active: 1, trashed: 2 });
    await workspace.restoreRuns([SECOND]);
    expect(await names('')).toEqual(['run 2', 'run 1']);
    const plan = await workspace.planRunDeletion([FIRST]);
    expect(plan).toMatchObject({ deletable: [FIRST], needed: [] });
    expect(plan.bytes).toBeGreaterThan(7000);
    expect(await workspace.deleteRuns([FIRST])).toBe(plan.bytes);
    await platform.records.read(TABLES, async (tx) => {
      for (const table of ['runs', 'metric_histories', 'artifacts']) {
        const rows = await tx.query<{ run_id: string }>(table);
        expect(rows.some(({ run_id }) => run_id === FIRST)).toBe(false);
        expect(rows.some(({ run_id }) => run_id === SECOND)).toBe(true);
      }
    });
  });

  it('that something needs are kept, and the others with them', async () => {
    await workspace.trashRuns([FIRST, SECOND, THIRD]);
    await platform.records.write(['registered_models', 'model_versions', 'audit', 'stage_results'], async (tx) => {
      await createVersion(tx, { name: 'heart_disease', run_id: FIRST, description: '', actor: 'test', now: 1 });
      const state = { status: 'good', figure: '', caption: '', sentence: '' } as const;
      await tx.put('stage_results', {
        ...{ model: 'heart_disease', stage: 'training', state },
        result: { run_id: SECOND, datasetDigest: 'x' },
      });
    });
    const plan = await workspace.planRunDeletion([FIRST, SECOND, THIRD]);
    expect(plan.deletable).toEqual([THIRD]);
    expect(plan.needed.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('is version 1 of heart_disease'),
      expect.stringContaining('Training stage'),
    ]);
    const before = await workspace.digest();
    await expect(workspace.deleteRuns([THIRD, FIRST])).rejects.toThrow(
      /Nothing was deleted: the run run 0 is version 1/,
    );
    expect(await workspace.digest()).toBe(before);
  });

  it('have views that are kept by model and name', async () => {
    const view = {
      name: 'good ones',
      filter: 'metrics.holdout.roc_auc > 0.8',
      order_by: ['seed DESC'],
      columns: ['seed'],
    };
    await workspace.saveRunView('heart_disease', view);
    await workspace.saveRunView('heart_disease', { ...view, order_by: [] });
    await workspace.saveRunView('sepsis_prediction', view);
    expect(await workspace.savedRunViews('heart_disease')).toEqual([{ ...view, order_by: [] }]);
    await expect(workspace.saveRunView('heart_disease', { ...view, filter: 'metrics.' })).rejects.toThrow(/filter/);
    await expect(workspace.saveRunView('heart_disease', { ...view, name: ' ' })).rejects.toThrow(/no name/);
    await workspace.deleteRunView('heart_disease', 'good ones');
    expect(await workspace.savedRunViews('heart_disease')).toEqual([]);
    expect(await workspace.savedRunViews('sepsis_prediction')).toHaveLength(1);
  });
});
