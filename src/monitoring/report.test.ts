import { describe, expect, it } from 'vitest';
import { driftTestSchema } from '../config/schema';
import { stringColumn } from '../utils/columns';
import { makeRandom } from '../utils/random';
import { sigmoid } from '../utils/math';
import { columnDrift } from './column-drift';
import { driftReport, type DriftReportRequest } from './report';
import type { CheckName, DriftReport } from './types';
import { readTogether } from './verdict';

const CONFIG = driftTestSchema.parse({});

interface Shift {
  readonly rows?: number;
  readonly inputs?: number;
  readonly margin?: number;
  readonly outcome?: number;
  readonly missing?: number;
}

/** Four numeric columns, one of five whole numbers, one true/false one, in float32 as a model reads them. */
function side(seed: number, { rows = 2000, inputs = 0, margin = 0, outcome = 0, missing = 0 }: Shift) {
  const random = makeRandom(seed, 'report.test');
  const columns = Array.from({ length: 6 }, () => new Float64Array(rows));
  const probabilities = new Float64Array(rows);
  const labels = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const score = random.normal() - 0.6 + margin;
    columns.forEach((column, i) => {
      column[row] =
        i === 4 ? random.int(5) : i === 5 ? random.int(2) : Math.fround(50 + 9 * random.normal() + 9 * inputs);
    });
    if (random.chance(missing) && columns[0]) columns[0][row] = NaN;
    probabilities[row] = sigmoid(score);
    labels[row] = random.chance(sigmoid(score - margin + outcome)) ? 1 : 0;
  }
  const unseen = new Uint8Array(rows).fill(1);
  return { columns, probabilities, labels, unseen, description: 'test rows', from: 5, to: 6 };
}

const NAMES = ['age', 'cholesterol', 'blood pressure', 'oldpeak', 'vessels', 'smoker'];

function request(shift: Shift, changes: Partial<DriftReportRequest> = {}): DriftReportRequest {
  return {
    report_id: 'r1',
    model: 'm',
    version: 2,
    label: 'at_rest',
    at: 7,
    featureNames: NAMES,
    reference: side(1, { rows: 3000 }),
    entity: 'patient_id',
    current: side(2, shift),
    config: CONFIG,
    highRisk: 0.5,
    ...changes,
  };
}

const check = (report: DriftReport, name: CheckName) => {
  const found = report.checks.find((entry) => entry.check === name);
  if (!found) throw new Error(`no check ${name}`);
  return found;
};
const drifted = (report: DriftReport) => report.checks.filter((entry) => entry.drifted).map((entry) => entry.check);

describe('driftReport', () => {
  it('is quiet at rest', async () => {
    const report = await driftReport(request({}), {});
    expect(drifted(report)).toEqual([]);
    expect(report.checks.map((entry) => entry.check)).toEqual(['dataset_drift', 'prediction_drift', 'target_drift']);
    expect(report.verdict).toMatch(
      /^Quiet: inputs, predictions and outcomes moved less than their limits\. ROC-AUC 0\.\d{3} on 2,000 known outcomes whose patient_id is new to the model\.$/,
    );
    expect(report.current).toEqual({ description: 'test rows', rows: 2000, labelled: 2000, from: 5, to: 6 });
    expect(check(report, 'dataset_drift').columns.map(({ kind }) => kind)).toEqual([
      'numeric',
      'numeric',
      'numeric',
      'numeric',
      'categorical',
      'categorical',
    ]);
  });

  it('tells moved inputs alone', async () => {
    const report = await driftReport(request({ inputs: 0.8 }), {});
    expect(drifted(report)).toEqual(['dataset_drift']);
    const dataset = check(report, 'dataset_drift');
    expect(dataset.statistic).toBeCloseTo(4 / 6, 12);
    expect(dataset.finding).toMatch(
      /^4 of 6 columns drifted \(66\.7%, drift from 50\.0% on\): .*KS D 0\.\d\d.*Compared 3,000 reference rows with 2,000 current rows\.$/,
    );
    expect(dataset.action).toMatch(/^Review the data pipeline/);
    expect(report.verdict).toMatch(/^Inputs moved, but predictions less than their limit/);
  });

  it('tells moved predictions alone', async () => {
    const report = await driftReport(request({ margin: 0.8 }), {});
    expect(drifted(report)).toEqual(['prediction_drift']);
    const prediction = check(report, 'prediction_drift');
    expect(prediction.statistic).toBeGreaterThan(0.2);
    expect(prediction.finding).toMatch(
      /^The share predicted high-risk \(probability 0\.5 or more\) went from \d\d\.\d% \(n=3,000\) to \d\d\.\d% \(n=2,000\): \+\d\d\.\d points, 95% interval \+.* KS of the probabilities: D 0\.\d{3}, p < 0\.001\.$/,
    );
    expect(prediction.action).toMatch(/^Check the model/);
    expect(report.verdict).toMatch(/^Predictions moved although most inputs stayed/);
  });

  it('tells a moved outcome alone: concept drift', async () => {
    const report = await driftReport(request({ outcome: 0.9 }), {});
    expect(drifted(report)).toEqual(['target_drift']);
    const target = check(report, 'target_drift');
    expect(target.finding).toMatch(/^Prevalence went from .* Outcomes are known for 2,000 of 2,000 current rows\.$/);
    expect(target.action).toMatch(/^Retrain/);
    expect(report.verdict).toMatch(/concept drift/);
  });

  it('counts labelled rows only, and says when none is', async () => {
    const partly = request({ outcome: 0.9 });
    const labels = Float64Array.from(partly.current.labels ?? [], (label, row) => (row % 4 === 0 ? label : NaN));
    const report = await driftReport({ ...partly, current: { ...partly.current, labels } }, {});
    expect(report.current.labelled).toBe(500);
    expect(drifted(report)).toEqual(['target_drift']);
    expect(report.performance?.n).toBe(500);
    const unseen = Uint8Array.from(labels, (_, row) => (row % 8 === 0 ? 1 : 0));
    const judged = await driftReport({ ...partly, current: { ...partly.current, labels, unseen } }, {});
    expect(judged.performance?.n, 'rows of entities it was not trained on').toBe(250);
    const unknown = await driftReport({ ...partly, current: { ...partly.current, labels: null } }, {});
    expect(drifted(unknown)).toEqual([]);
    expect(unknown.performance).toBeNull();
    expect(check(unknown, 'target_drift').finding).toBe(
      'No outcome of the 2,000 current rows is known yet, so prevalence cannot be compared.',
    );
    expect(unknown.verdict).toBe(
      'Quiet so far: inputs and predictions moved less than their limits. Outcomes of this window are not known yet.',
    );
  });

  it('does not judge too few rows, and says so', async () => {
    const report = await driftReport(request({ rows: 29, inputs: 3, margin: 3 }), {});
    expect(drifted(report)).toEqual([]);
    for (const entry of report.checks) expect(entry.finding).toMatch(/^Not compared: the current side has 29 rows/);
    expect(report.verdict).toMatch(/^Too few rows to tell/);
  });

  it('names a change of missing values that no test sees', async () => {
    const report = await driftReport(request({ missing: 0.4 }), {});
    const dataset = check(report, 'dataset_drift');
    expect(dataset.finding).toMatch(/Missing values changed: age 0\.0% to (3\d|4\d)\.\d%\.$/);
    expect(dataset.columns[0]?.missing_current).toBeGreaterThan(600);
    expect((dataset.columns[0]?.n_current ?? 0) + (dataset.columns[0]?.missing_current ?? 0)).toBe(2000);
  });

  it('adjusts p-values over the numeric columns', async () => {
    const report = await driftReport(request({}), {});
    const tested = check(report, 'dataset_drift').columns.flatMap(({ ks }) => (ks ? [ks] : []));
    expect(tested).toHaveLength(4);
    for (const ks of tested) expect(ks.p_adjusted).toBeGreaterThanOrEqual(ks.p_value);
    expect(tested.some((ks) => ks.p_adjusted > ks.p_value)).toBe(true);
  });

  it('survives JSON unchanged', async () => {
    const report = await driftReport(request({ inputs: 0.8, missing: 1 }), {});
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('refuses sides that do not fit, by name', async () => {
    const good = request({});
    const bad = { ...good.current, columns: good.current.columns.slice(1) };
    await expect(driftReport({ ...good, current: bad }, {})).rejects.toThrow(
      /the current side has 5 columns, expected 6/,
    );
    const short = {
      ...good.reference,
      columns: good.reference.columns.map((column, i) => (i === 1 ? new Float64Array(3) : column)),
    };
    await expect(driftReport({ ...good, reference: short }, {})).rejects.toThrow(
      /the reference side has 3 values in cholesterol, expected 3000/,
    );
    const labels = { ...good.reference, labels: new Float64Array(2) };
    await expect(driftReport({ ...good, reference: labels }, {})).rejects.toThrow(/has 2 labels, expected 3000/);
  });

  it('stops between columns when cancelled', async () => {
    const signal = { aborted: false };
    const labels: string[] = [];
    const onProgress = ({ label }: { label: string }) => {
      labels.push(label);
      if (labels.length === 3) signal.aborted = true;
    };
    await expect(driftReport(request({}), { signal, onProgress })).rejects.toThrow(/cancelled/);
    expect(labels).toEqual(['drift of age', 'drift of cholesterol', 'drift of blood pressure']);
  });
});

describe('columnDrift', () => {
  const numbers = (n: number, shift: number) => {
    const random = makeRandom(n, 'column');
    return Float64Array.from({ length: n }, () => random.normal() + shift);
  };

  it('needs both a small p-value and an effect', async () => {
    const tiny = await columnDrift(
      { column: 'x', reference: numbers(60000, 0), current: numbers(50000, 0.05), config: CONFIG },
      {},
    );
    expect(tiny.ks?.p_value).toBeLessThan(0.001);
    expect(tiny.drifted).toBe(false);
    const few = await columnDrift(
      { column: 'x', reference: numbers(20, 0), current: numbers(12, 0.3), config: CONFIG },
      {},
    );
    expect(few.ks?.statistic).toBeGreaterThan(0.1);
    expect(few.drifted).toBe(false);
    expect(
      (await columnDrift({ column: 'x', reference: numbers(600, 0), current: numbers(500, 0.5), config: CONFIG }, {}))
        .drifted,
    ).toBe(true);
  });

  it('lets Jensen-Shannon decide where configured', async () => {
    const config = driftTestSchema.parse({ numeric: 'jensenshannon', distance: 0.3 });
    const column = await columnDrift(
      { column: 'x', reference: numbers(3000, 0), current: numbers(2000, 0.5), config },
      {},
    );
    expect(column).toMatchObject({ method: 'jensenshannon', threshold: 0.3, drifted: false });
    expect(column.ks).not.toBeNull();
    const low = { ...config, distance: 0.1 };
    expect(
      (await columnDrift({ column: 'x', reference: numbers(3000, 0), current: numbers(2000, 0.5), config: low }, {}))
        .drifted,
    ).toBe(true);
  });

  it('sees a new category, not the noise of a small window', async () => {
    const reference = stringColumn(Array.from({ length: 900 }, (_, i) => 'abc'[i % 3] ?? 'a'));
    const current = stringColumn(Array.from({ length: 300 }, (_, i) => (i % 5 === 0 ? 'new' : ('abc'[i % 3] ?? 'a'))));
    const column = await columnDrift({ column: 'x', reference, current, config: CONFIG }, {});
    expect(column).toMatchObject({ kind: 'categorical', method: 'jensenshannon', drifted: true, mean_reference: null });
    const small = stringColumn(['a', 'a', 'a', 'b', 'b', 'b', 'b', 'c', 'c', 'a', 'b', 'a']);
    const noise = await columnDrift({ column: 'x', reference, current: small, config: CONFIG }, {});
    expect(noise.jensenshannon.distance).toBeGreaterThan(0.1);
    expect(noise.drifted).toBe(false);
  });

  it('takes a column that lost all its values as drifted', async () => {
    const gone = await columnDrift(
      { column: 'x', reference: numbers(100, 0), current: new Float64Array(50).fill(NaN), config: CONFIG },
      {},
    );
    expect(gone).toMatchObject({ drifted: true, ks: null, n_current: 0, missing_current: 50, mean_current: null });
    expect(gone.jensenshannon).toMatchObject({ distance: 1, binning: 'no values on the current side' });
    const never = await columnDrift(
      { column: 'x', reference: new Float64Array(9).fill(NaN), current: new Float64Array(5).fill(NaN), config: CONFIG },
      {},
    );
    expect(never.drifted).toBe(false);
  });
});

describe('readTogether', () => {
  it('has one sentence for each combination', () => {
    const sentences = new Set<string>();
    for (const dataset of [true, false])
      for (const prediction of [true, false])
        for (const target of [true, false, null]) sentences.add(readTogether({ dataset, prediction, target }));
    expect(sentences.size).toBe(12);
  });
});
