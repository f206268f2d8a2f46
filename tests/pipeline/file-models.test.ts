import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countedWorkspace } from './platform';

const bytes = (text: string) => new TextEncoder().encode(text);

function csv(header: string, rows: number, row: (i: number) => string): Uint8Array {
  return bytes([header, ...Array.from({ length: rows }, (_, i) => row(i))].join('\n'));
}

describe('the Cleveland table', () => {
  test('reaches a hold-out ROC-AUC of 0.85 as the median of seeds 1 to 5', async () => {
    const { workspace } = countedWorkspace();
    const model = await workspace.createModel({
      fileName: 'heart_cleveland.csv',
      bytes: readFileSync('static/heart_cleveland.csv'),
      label: 'num',
      positive: '> 0',
    });
    const aucs: number[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      await workspace.run(model, { seed });
      aucs.push((await workspace.trainingView(model))?.evaluation.metrics.roc_auc.value ?? 0);
    }
    const median = [...aucs].sort((a, b) => a - b)[2] ?? 0;
    console.log(
      `Cleveland hold-out ROC-AUC, seeds 1 to 5: ${aucs.map((auc) => auc.toFixed(3)).join(', ')}; median ${median.toFixed(3)}`,
    );
    expect(median).toBeGreaterThanOrEqual(0.85);
    expect((await workspace.monitoringView(model))?.unavailable).toContain('no time column');
    await expect(workspace.simulate(model, 'at_rest')).rejects.toThrow('nothing is simulated');
  }, 300_000);
});

describe('tables nobody described', () => {
  test('text columns, odd names and a time column go through the whole lifecycle', async () => {
    const { workspace } = countedWorkspace();
    const file = csv('id;when;"size [cm]";colour;"__proto__";bought', 400, (i) => {
      const day = new Date(Date.UTC(2025, 0, 1 + (i % 300))).toISOString().slice(0, 10);
      return `k${i % 150};${day};${(i % 37) / 10};${['red', 'green', 'blue'][i % 3]};${i % 5};${(i * 7 + (i % 3) * 11) % 10 > 5 ? 'yes' : 'no'}`;
    });
    const model = await workspace.createModel({
      fileName: 'Shop 2025.csv',
      bytes: file,
      label: 'bought',
      positive: '== yes',
      entity: 'id',
      eventTimestamp: 'when',
    });
    expect(model).toBe('shop_2025');
    await workspace.run(model, { seed: 1, maxEvals: 3 });
    const training = await workspace.trainingView(model);
    expect(training?.evaluation.n).toBeGreaterThan(0);
    expect((await workspace.monitoringView(model))?.reports.length).toBeGreaterThan(0);
  }, 60_000);

  test.each([
    ['one class', csv('a,y', 50, (i) => `${i},1`), '== 1', /class|positive|outcome/i],
    ['no such value', csv('a,y', 50, (i) => `${i},${i % 2}`), '== maybe', /maybe/],
  ])('%s is a sentence', async (_name, file, positive, says) => {
    const { workspace } = countedWorkspace();
    const attempt = async () => {
      const model = await workspace.createModel({ fileName: 't.csv', bytes: file, label: 'y', positive });
      await workspace.run(model, { seed: 1, maxEvals: 2 });
    };
    await expect(attempt()).rejects.toThrow(says);
  });

  test('an all-missing column is left out and the rest is learned from', async () => {
    const { workspace } = countedWorkspace();
    const model = await workspace.createModel({
      fileName: 'm.csv',
      bytes: csv('a,b,y', 200, (i) => `${i % 17},?,${i % 17 > 8 ? 1 : 0}`),
      label: 'y',
      positive: '== 1',
    });
    await workspace.run(model, { seed: 1, maxEvals: 2 });
    expect((await workspace.featuresView(model))?.definitions.service.features).toEqual(['table:a']);
  }, 60_000);

  test('a name that is taken, a label that is absent and an unknown model are sentences', async () => {
    const { workspace } = countedWorkspace();
    const file = csv('a,y', 50, (i) => `${i},${i % 2}`);
    await expect(
      workspace.createModel({ fileName: 't.csv', bytes: file, label: 'z', positive: '== 1' }),
    ).rejects.toThrow('no column "z"');
    await expect(
      workspace.createModel({ fileName: 't.csv', name: 'heart_disease', bytes: file, label: 'y', positive: '== 1' }),
    ).rejects.toThrow('already');
    await expect(workspace.run('nope', {})).rejects.toThrow('There is no model "nope"');
    await expect(workspace.run('heart_disease', { rows: 3 })).rejects.toThrow('rows is 3');
  });

  test.each([
    [{ entity: 'zz' }, /no column "zz" for the key \(entity\)\. Its columns are a, t, b, y\./],
    [{ entity: 'y' }, /"y" of t\.csv is chosen as label and as key/],
    [{ eventTimestamp: 'a' }, /event time "a" of t\.csv is read as \w+, not as a time/],
    [{ eventTimestamp: 'b' }, /event time "b" of t\.csv is read as string, not as a time/],
    [{ entity: 't', eventTimestamp: 't' }, /chosen as key \(entity\) and as event time/],
    [{ ignore: ['zzz'] }, /no column "zzz" for the column to ignore/],
    [{ ignore: ['y'] }, /chosen as label and as a column to ignore/],
    [{ name: '🙂' }, /cannot name a model/],
  ])('%o is refused before anything is stored', async (choice, says) => {
    const { workspace } = countedWorkspace();
    const before = await workspace.digest();
    const file = csv(
      'a,t,b,y',
      60,
      (i) => `${i / 7},2024-01-${String(1 + (i % 28)).padStart(2, '0')},x${i % 3},${i % 2}`,
    );
    const request = { fileName: 't.csv', bytes: file, label: 'y', positive: '== 1', ...choice };
    await expect(workspace.createModel(request)).rejects.toThrow(says);
    expect(await workspace.digest()).toBe(before);
  });

  test.each([
    ['30 days', 400, 400 / 30, /./],
    ['20 years', 400, 400 / 7300, /./],
    ['an hour', 60, 60 * 24, null],
  ] as const)(
    'a table over %s is watched where it can be cut in two, and says so where not',
    async (_, rows, aDay, found) => {
      const { workspace } = countedWorkspace();
      const start = Date.UTC(2020, 0, 1);
      const file = csv('when,a,y', rows, (i) => {
        const when = new Date(start + (i / aDay) * 86_400_000).toISOString().slice(0, 19);
        return `${when},${(i * 37) % 101},${(i * 37) % 101 > 50 !== (i % 9 === 0) ? 1 : 0}`;
      });
      const model = await workspace.createModel({
        fileName: 't.csv',
        bytes: file,
        label: 'y',
        positive: '== 1',
        eventTimestamp: 'when',
      });
      await workspace.run(model, { seed: 1, maxEvals: 2 });
      const view = await workspace.monitoringView(model);
      if (found) expect(view?.reports[0]?.verdict).toMatch(found);
      else expect(view?.unavailable).toContain('too few rows to cut into two');
    },
    60_000,
  );
});
