import { describe, expect, it } from 'vitest';
import { makeRandom } from '../utils/random';
import { sigmoid } from '../utils/math';
import { brier } from '../training/metrics/probability';
import { calibrationBins, expectedCalibrationError } from '../training/metrics/calibration';
import { compareModels, type CompareRequest } from './compare';
import type { GateFacts } from './gates';
import type { GateResult, GateRules, PromotionRule, Signature } from './types';

const N = 900;

/** A strong and a weak score; groups "a" and "b" alternate, "c" has few rows. */
const data = (() => {
  const random = makeRandom(9, 'gates.test');
  const labels = new Uint8Array(N);
  const strong = new Float64Array(N);
  const weak = new Float64Array(N);
  for (let row = 0; row < N; row++) {
    const score = 2 * random.normal();
    labels[row] = random.chance(sigmoid(score)) ? 1 : 0;
    strong[row] = sigmoid(score);
    weak[row] = sigmoid(score + 2 * random.normal());
  }
  const groups = Array.from({ length: N }, (_, row) => (row < 12 ? 'c' : row % 2 === 0 ? 'a' : 'b'));
  return { labels, strong, weak, groups, keys: Array.from({ length: N }, (_, row) => `k${row}`) };
})();

function inputs(...names: readonly string[]): Signature {
  return {
    inputs: names.map((name) => {
      const [plain = '', dtype = 'float64'] = name.split(':');
      return { name: plain, type: 'double', required: false, dtype };
    }),
    outputs: [],
  };
}

const FACTS: GateFacts = {
  groups: { sex: data.groups },
  threshold: 0.5,
  entity: 'patient_id',
  signatures: { challenger: inputs('age', 'pulse'), champion: inputs('age') },
  bytes: { challenger: 5000, champion: 4000 },
  latency: { challenger: 0.02, champion: 0.01, how: 'measured here' },
};

const RULE: PromotionRule = {
  metric: 'log_loss',
  minimum_improvement: 0.02,
  improvement: 'relative',
  approval: 'manual',
};

function judge(gates: GateRules, changes: Partial<CompareRequest> = {}) {
  return compareModels(
    {
      rule: { ...RULE, gates },
      labels: data.labels,
      challenger: data.strong,
      champion: data.weak,
      championVersion: 1,
      keys: data.keys,
      seed: 3,
      judgedOn: 'test rows',
      facts: FACTS,
      ...changes,
    },
    {},
  );
}

const of = (gates: readonly GateResult[] | undefined, name: GateResult['gate']) =>
  (gates ?? []).filter(({ gate }) => gate === name);
const NONE: GateRules = { significant: false };

describe('gates', () => {
  it('are rows and improvement alone where nothing more is asked, and change nothing', async () => {
    const decision = await judge(NONE);
    expect(decision.verdict).toBe('awaiting_approval');
    expect(decision.gates?.map(({ gate, passed }) => [gate, passed])).toEqual([
      ['rows', true],
      ['improvement', true],
    ]);
  });

  it('refuse a better challenger with each gate and its number', async () => {
    const decision = await judge({ ...NONE, model_size: { maximum_bytes: 4999 }, latency: { maximum_ms: 0.019 } });
    expect(decision.verdict).toBe('refused');
    expect(decision.reason).toBe(
      'Refused: passes 2 of 4 gates. Not passed: bytes of model.json 5,000 bytes (at most 4,999 bytes) and time of one prediction 0.020 ms (at most 0.019 ms).',
    );
    expect(of(decision.gates, 'latency')[0]).toMatchObject({ challenger: 0.02, champion: 0.01, note: 'measured here' });
    const passes = await judge({ ...NONE, model_size: { maximum_bytes: 5000 }, latency: { maximum_ms: 0.02 } });
    expect(passes.verdict).toBe('awaiting_approval');
  });

  it('are all shown where the improvement is too small as well', async () => {
    const gates: GateRules = { ...NONE, model_size: { maximum_bytes: 1 } };
    const decision = await judge(gates, { challenger: data.weak });
    expect(decision.verdict).toBe('archived');
    expect(decision.reason).toMatch(/less than the 2\.0% .* It also fails bytes of model\.json/);
  });

  it('hold gaps between groups to a limit and to the champion’s', async () => {
    const worse = data.strong.map((p, row) => (data.groups[row] === 'a' ? p : p * 0.6));
    const decision = await judge(
      { ...NONE, fairness: { metrics: ['tpr'], maximum_gap: 0.1, maximum_increase: 0.05 } },
      {
        challenger: worse,
        rule: {
          ...RULE,
          minimum_improvement: 0,
          gates: { ...NONE, fairness: { metrics: ['tpr'], maximum_gap: 0.1, maximum_increase: 0.05 } },
        },
      },
    );
    const recall = (scores: Float64Array, group: string) => {
      const rows = [...data.labels.keys()].filter((row) => data.groups[row] === group && data.labels[row] === 1);
      return rows.filter((row) => (scores[row] ?? 0) >= 0.5).length / rows.length;
    };
    const [gap, increase] = of(decision.gates, 'fairness');
    const ours = Math.abs(recall(worse, 'a') - recall(worse, 'b'));
    const theirs = Math.abs(recall(data.weak, 'a') - recall(data.weak, 'b'));
    expect(gap).toMatchObject({ passed: false, limit: 0.1, note: 'b against a' });
    expect(gap?.measured).toBeCloseTo(ours, 12);
    expect(increase?.measured).toBeCloseTo(ours - theirs, 12);
    expect(increase?.passed).toBe(false);
  });

  it('hold calibration to a limit and to the champion’s', async () => {
    const ece = await judge({ ...NONE, calibration: { metric: 'ece', maximum: 0.2, maximum_worsening: 0 } });
    const [own, worse] = of(ece.gates, 'calibration');
    expect(own?.measured).toBeCloseTo(expectedCalibrationError(calibrationBins(data.labels, data.strong)), 14);
    expect(worse?.measured).toBeLessThan(0);
    const bad = await judge(
      { ...NONE, calibration: { metric: 'brier', maximum_worsening: 0 } },
      { challenger: data.weak, champion: data.strong },
    );
    expect(of(bad.gates, 'calibration')[0]).toMatchObject({
      passed: false,
      what: 'Brier score, larger than the champion’s by',
    });
    expect(of(bad.gates, 'calibration')[0]?.measured).toBeCloseTo(
      brier(data.labels, data.weak) - brier(data.labels, data.strong),
      12,
    );
  });

  it('do not let a slice get worse, and judge none with too few rows', async () => {
    const challenger = data.strong.map((p, row) => (data.groups[row] === 'b' ? (data.weak[row] ?? p) * 0.5 : p));
    const decision = await judge(
      { ...NONE, slices: { metric: 'log_loss', maximum_worsening: 0, minimum_rows: 50 } },
      { challenger },
    );
    const slices = of(decision.gates, 'slices');
    expect(slices.map(({ what, passed }) => [what.slice(9, 23), passed])).toEqual([
      ['where sex = a,', true],
      ['where sex = b,', false],
      ['where sex = c,', null],
    ]);
    expect(slices[2]?.note).toBe('12 rows, fewer than 50');
    expect(slices[0]?.measured).toBeLessThan(0);
  });

  it.each([
    ['equal', ['age:int64'], ['age:int64'], true],
    ['equal', ['age', 'pulse'], ['age'], false],
    ['equal', ['age:int64'], ['age:float64'], false],
    ['superset', ['age', 'pulse'], ['age'], true],
    ['superset', ['pulse'], ['age'], false],
    ['subset', ['age'], ['age', 'pulse'], true],
    ['subset', ['age', 'pulse'], ['age'], false],
    ['subset', ['age:int64'], ['age:float64', 'pulse'], false],
  ] as const)('ask for a schema that is %s: %j over %j', async (schema, ours, theirs, passed) => {
    const signatures = { challenger: inputs(...ours), champion: inputs(...theirs) };
    const decision = await judge({ ...NONE, schema }, { facts: { ...FACTS, signatures } });
    expect(of(decision.gates, 'schema')[0]?.passed).toBe(passed);
    expect(decision.verdict).toBe(passed ? 'awaiting_approval' : 'refused');
  });

  it('may ask that the improvement is not chance', async () => {
    const near = data.weak.map((p, row) => (row % 40 === 0 ? (data.strong[row] ?? p) : p));
    const rule = { ...RULE, minimum_improvement: 0, gates: { significant: true } };
    const chance = await judge({ significant: true }, { rule, challenger: near.slice().reverse().reverse() });
    const [gate] = of(chance.gates, 'significance');
    expect(gate?.measured).toBe(chance.improvement_interval?.low);
    expect(gate?.passed).toBe((chance.improvement_interval?.low ?? 0) > 0);
    const same = await judge({ significant: true }, { rule, challenger: data.weak });
    expect(of(same.gates, 'significance')[0]).toMatchObject({ measured: 0, passed: false });
    expect(same.verdict).toBe('refused');
  });

  it('hold for the first version as far as they need no champion', async () => {
    const gates: GateRules = {
      significant: true,
      schema: 'equal',
      slices: { metric: 'brier', maximum_worsening: 0, minimum_rows: 20 },
      model_size: { maximum_bytes: 10_000 },
    };
    const signatures = { ...FACTS.signatures, champion: null };
    const alone = { champion: null, championVersion: null, facts: { ...FACTS, signatures } };
    const first = await judge(gates, alone);
    expect(first.verdict).toBe('promoted');
    expect(first.gates?.filter(({ passed }) => passed === null).map(({ gate }) => gate)).toEqual([
      'improvement',
      'significance',
      'slices',
      'slices',
      'slices',
      'schema',
    ]);
    const large = await judge({ ...gates, model_size: { maximum_bytes: 10 } }, alone);
    expect(large.verdict).toBe('refused');
  });

  it('take DeLong’s interval where the rule says so', async () => {
    const rule = { ...RULE, metric: 'roc_auc', interval: 'delong' } as const;
    const relative = await judge(NONE, { rule });
    const absolute = await judge(NONE, { rule: { ...rule, improvement: 'absolute' } });
    const bootstrap = await judge(NONE, { rule: { ...rule, interval: 'bootstrap' } });
    expect(relative.challenger?.method).toMatch(/^DeLong/);
    expect(relative.improvement).toBe(bootstrap.improvement);
    for (const end of ['low', 'high'] as const) {
      expect(relative.improvement_interval?.[end]).toBeCloseTo(bootstrap.improvement_interval?.[end] ?? NaN, 1);
    }
    const [a, b] = [absolute.improvement_interval, absolute.improvement ?? 0];
    expect(((a?.low ?? 0) + (a?.high ?? 0)) / 2).toBeCloseTo(b, 12);
  });
});
