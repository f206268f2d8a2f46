import { describe, expect, it } from 'vitest';
import { brier, logLoss } from '../training/metrics/probability';
import { averagePrecision, rocAuc } from '../training/metrics/ranking';
import { makeRandom } from '../utils/random';
import { sigmoid } from '../utils/math';
import { compareModels, type CompareRequest } from './compare';
import type { PromotionRule } from './types';

const RULE: PromotionRule = {
  metric: 'roc_auc',
  minimum_improvement: 0.02,
  improvement: 'relative',
  approval: 'manual',
};

/** Labels with a strong score and one blurred by noise; several rows a key. */
function rows(n: number) {
  const random = makeRandom(4, 'compare.test');
  const labels = new Uint8Array(n);
  const strong = new Float64Array(n);
  const weak = new Float64Array(n);
  const keys: string[] = [];
  for (let row = 0; row < n; row++) {
    const score = 2 * random.normal();
    labels[row] = random.chance(sigmoid(score)) ? 1 : 0;
    strong[row] = sigmoid(score);
    weak[row] = sigmoid(score + 2 * random.normal());
    keys.push(`k${Math.floor(row / 3)}`);
  }
  return { labels, strong, weak, keys };
}

const data = rows(600);

function request(changes: Partial<CompareRequest> = {}): CompareRequest {
  return {
    rule: RULE,
    labels: data.labels,
    challenger: data.strong,
    champion: data.weak,
    championVersion: 3,
    keys: data.keys,
    seed: 7,
    judgedOn: 'labelled rows neither was trained on',
    ...changes,
  };
}

describe('compareModels', () => {
  it('lets a clearly better challenger wait for a person, with every number', async () => {
    const decision = await compareModels(request(), {});
    expect(decision.verdict).toBe('awaiting_approval');
    expect(decision.challenger?.value).toBe(rocAuc(data.labels, data.strong));
    expect(decision.champion?.value).toBe(rocAuc(data.labels, data.weak));
    const gain =
      ((decision.challenger?.value ?? 0) - (decision.champion?.value ?? 0)) / (decision.champion?.value ?? 1);
    expect(decision.improvement).toBeCloseTo(gain, 14);
    expect(decision.improvement_interval?.low).toBeGreaterThan(0);
    expect(decision.improvement_interval?.low).toBeLessThan(gain);
    expect(decision.improvement_interval?.high).toBeGreaterThan(gain);
    expect(decision).toMatchObject({ rule: 'improvement', champion_version: 3, n: 600, direction: 'maximize' });
    expect(decision.reason).toMatch(
      /^Passes the rule: ROC-AUC 0\.\d{4} against 0\.\d{4} of champion v3 \(n = 600\) is .*at least the 2\.0% relative/,
    );
  });

  it('promotes by itself where approval is automatic', async () => {
    const decision = await compareModels(request({ rule: { ...RULE, approval: 'automatic' } }), {});
    expect(decision.verdict).toBe('promoted');
    expect(decision.reason).toMatch(/^Promoted:/);
  });

  it('archives equal and worse challengers', async () => {
    const equal = await compareModels(request({ challenger: data.weak }), {});
    expect(equal).toMatchObject({ verdict: 'archived', improvement: 0, improvement_interval: { low: 0, high: 0 } });
    const worse = await compareModels(request({ challenger: data.weak, champion: data.strong }), {});
    expect(worse.verdict).toBe('archived');
    expect(worse.improvement).toBeLessThan(0);
    expect(worse.reason).toMatch(/^Archived: .*less than the 2\.0% relative improvement asked for\.$/);
  });

  it.each([
    ['log_loss', logLoss],
    ['brier', brier],
    ['pr_auc', averagePrecision],
  ] as const)('measures %s in its own direction', async (metric, measure) => {
    const rule = { ...RULE, metric, improvement: 'absolute' as const };
    const decision = await compareModels(request({ rule }), {});
    const [ours, theirs] = [measure(data.labels, data.strong), measure(data.labels, data.weak)];
    expect(decision.challenger?.value).toBeCloseTo(ours, 12);
    expect(decision.champion?.value).toBeCloseTo(theirs, 12);
    expect(decision.improvement).toBeCloseTo(metric === 'pr_auc' ? ours - theirs : theirs - ours, 12);
    expect(decision.improvement).toBeGreaterThan(0);
    expect(decision.verdict).toBe('awaiting_approval');
  });

  it('asks for the minimum as a share or as a difference', async () => {
    const { improvement } = await compareModels(request({ rule: { ...RULE, improvement: 'absolute' } }), {});
    const at = async (minimum_improvement: number) =>
      (await compareModels(request({ rule: { ...RULE, improvement: 'absolute', minimum_improvement } }), {})).verdict;
    expect(await at(improvement ?? 0)).toBe('awaiting_approval');
    expect(await at((improvement ?? 0) + 1e-9)).toBe('archived');
  });

  it('exempts the first version, also without rows', async () => {
    const first = await compareModels(request({ champion: null, championVersion: null }), {});
    expect(first).toMatchObject({ verdict: 'promoted', rule: 'first', champion: null, improvement: null });
    expect(first.challenger?.low).toBeLessThan(first.challenger?.value ?? 0);
    const none = {
      labels: new Uint8Array(0),
      challenger: new Float64Array(0),
      keys: [],
      champion: null,
      championVersion: null,
    };
    expect(await compareModels(request(none), {})).toMatchObject({ verdict: 'promoted', challenger: null, n: 0 });
  });

  it('refuses with the reason when too few rows or one class are left', async () => {
    const cut = (n: number) => ({
      labels: data.labels.slice(0, n),
      challenger: data.strong.slice(0, n),
      champion: data.weak.slice(0, n),
      keys: data.keys.slice(0, n),
    });
    const none = await compareModels(request(cut(0)), {});
    expect(none).toMatchObject({ verdict: 'refused', challenger: null, improvement: null });
    expect(none.reason).toMatch(/there are no labelled rows neither was trained on/);
    expect((await compareModels(request(cut(19)), {})).reason).toMatch(/there are only 19 labelled rows/);
    const oneClass = await compareModels(request({ labels: new Uint8Array(600) }), {});
    expect(oneClass.verdict).toBe('refused');
    expect(oneClass.reason).toMatch(/the 600 labelled rows neither was trained on all have the same outcome/);
  });

  it('gives the same interval for the same seed and another for another', async () => {
    const first = await compareModels(request(), {});
    expect(await compareModels(request(), {})).toEqual(first);
    const other = await compareModels(request({ seed: 8 }), {});
    expect(other.improvement).toBe(first.improvement);
    expect(other.improvement_interval).not.toEqual(first.improvement_interval);
  });

  it('resamples entities, so repeated rows of few entities give wider intervals', async () => {
    const width = async (keys: readonly string[]) => {
      const { challenger } = await compareModels(request({ keys }), {});
      return (challenger?.high ?? 0) - (challenger?.low ?? 0);
    };
    const repeated = (values: Float64Array) => Float64Array.from(values, (_, row) => values[row - (row % 6)] ?? 0);
    const labels = data.labels.map((_, row) => data.labels[row - (row % 6)] ?? 0);
    const copies = { labels, challenger: repeated(data.strong), champion: repeated(data.weak) };
    const byRow = await compareModels(request({ ...copies, keys: data.keys.map((_, row) => String(row)) }), {});
    const byEntity = await compareModels(
      request({ ...copies, keys: data.keys.map((_, row) => String(Math.floor(row / 6))) }),
      {},
    );
    const span = (decision: typeof byRow) => (decision.challenger?.high ?? 0) - (decision.challenger?.low ?? 0);
    expect(span(byEntity)).toBeGreaterThan(1.5 * span(byRow));
    expect(await width(data.keys)).toBeGreaterThan(0);
  });

  it('stops between resamples when cancelled', async () => {
    const signal = { aborted: false };
    let seen = 0;
    const onProgress = () => {
      seen += 1;
      if (seen === 5) signal.aborted = true;
    };
    await expect(compareModels(request(), { signal, onProgress })).rejects.toThrow(/cancelled/);
    expect(seen).toBe(5);
  });
});
