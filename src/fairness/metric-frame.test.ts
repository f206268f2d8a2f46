import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rocAuc } from '../training/metrics/ranking';
import { makeRandom } from '../utils/random';
import { aucInterval } from './auc-interval';
import { metricFrames, type MetricFramesRequest } from './metric-frame';
import { listText, pointsText } from './wording';

/** Rows from counts: [group, label, predicted, how many]. */
function request(
  cells: readonly (readonly [string, 0 | 1, 0 | 1, number])[],
  changes: Partial<MetricFramesRequest> = {},
): MetricFramesRequest {
  const rows = cells.flatMap((cell) => Array.from({ length: cell[3] }, () => cell));
  return {
    labels: Uint8Array.from(rows, (row) => row[1]),
    probabilities: Float64Array.from(rows, (row) => (row[2] === 1 ? 0.8 : 0.2)),
    groups: { sex: rows.map((row) => row[0]) },
    threshold: 0.5,
    maximumGap: 0.1,
    ...changes,
  };
}

const BALANCED = [
  ['female', 1, 1, 71],
  ['female', 1, 0, 29],
  ['female', 0, 1, 20],
  ['female', 0, 0, 80],
  ['male', 1, 1, 84],
  ['male', 1, 0, 16],
  ['male', 0, 1, 25],
  ['male', 0, 0, 75],
] as const;

const one = async (asked: MetricFramesRequest) => {
  const [frame] = await metricFrames(asked, {});
  if (!frame) throw new Error('no frame');
  return frame;
};

describe('metricFrames', () => {
  it('counts each metric on the rows it rests on, with Wilson intervals', async () => {
    const { groups } = await one(request(BALANCED));
    const female = groups[0];
    expect(groups.map(({ group }) => group)).toEqual(['female', 'male']);
    expect(female).toMatchObject({ n: 200, positives: 100 });
    expect(female?.flag).toBeUndefined();
    expect(female?.metrics['tpr']).toMatchObject({ value: 0.71, n: 100, method: 'Wilson 95%' });
    expect(female?.metrics['tpr']?.value).toBe(0.71);
    expect(female?.metrics['fpr']).toMatchObject({ value: 0.2, n: 100 });
    expect(female?.metrics['selection_rate']).toMatchObject({ value: 91 / 200, n: 200 });
    expect(female?.metrics['precision']).toMatchObject({ value: 71 / 91, n: 91 });
    const tpr = female?.metrics['tpr'];
    // scipy.stats.binomtest(71, 100).proportion_ci(method='wilson')
    expect(tpr && tpr.value !== null ? [tpr.low, tpr.high] : []).toEqual([
      expect.closeTo(0.6146, 4),
      expect.closeTo(0.7899, 4),
    ]);
  });

  it('warns in a sentence with numbers past the gap only', async () => {
    const frame = await one(request(BALANCED));
    expect(frame.gaps['tpr']).toEqual({ value: expect.closeTo(0.13, 12), best: 'male', worst: 'female' });
    expect(frame.gaps['fpr']).toEqual({ value: expect.closeTo(0.05, 12), best: 'female', worst: 'male' });
    expect(frame.warnings).toEqual([
      'sex: recall is 0.71 for female (n=100) and 0.84 for male (n=100); the gap 0.13 is above 0.10; their 95% intervals overlap, so it can be chance.',
    ]);
    expect((await one(request(BALANCED, { maximumGap: 0.14 }))).warnings).toEqual([]);
  });

  it('gives null with the reason, never a false 0, and leaves such groups out of gaps', async () => {
    const frame = await one(
      request([...BALANCED, ['other', 0, 0, 12], ['other', 0, 1, 3], ['tiny', 1, 1, 4], ['tiny', 0, 0, 5]]),
    );
    const other = frame.groups.find(({ group }) => group === 'other');
    expect(other?.metrics['tpr']).toEqual({ value: null, n: 0, reason: 'no positives' });
    expect(other?.metrics['roc_auc']).toEqual({ value: null, n: 15, reason: 'no positives' });
    expect(other?.metrics['precision']).toEqual({
      value: null,
      n: 3,
      reason: '3 rows predicted positive, fewer than 10',
    });
    expect(other?.flag).toBe('15 rows, fewer than 30: read with care');
    const tiny = frame.groups.find(({ group }) => group === 'tiny');
    for (const metric of Object.values(tiny?.metrics ?? {})) expect(metric.value).toBeNull();
    expect(tiny?.metrics['selection_rate']).toMatchObject({ reason: '9 rows, fewer than 10' });
    expect(frame.gaps['tpr']).toMatchObject({ best: 'male', worst: 'female' });
  });

  it('has no gap with one group', async () => {
    const frame = await one(request(BALANCED.filter(([group]) => group === 'male')));
    expect(frame.gaps).toEqual({});
    expect(frame.warnings).toEqual([]);
    expect(frame.four_fifths).toBeUndefined();
  });

  it('shows the four-fifths screen as information', async () => {
    const frame = await one(request(BALANCED));
    expect(frame.four_fifths).toMatchObject({ ratio: 91 / 109, lowest: 'female', highest: 'male', passes: true });
    expect(frame.four_fifths?.text).toMatch(/no proof of fairness/);
    const far = await one(
      request(
        BALANCED.map(
          ([g, label, predicted, n]) => [g, label, predicted, g === 'female' && predicted === 1 ? 10 : n] as const,
        ),
      ),
    );
    expect(far.four_fifths?.passes).toBe(false);
  });

  it('names rows without a group', async () => {
    const asked = request(BALANCED);
    const groups = { sex: (asked.groups['sex'] ?? []).map((group) => (group === 'male' ? '' : group)) };
    expect((await one({ ...asked, groups })).groups.map(({ group }) => group)).toEqual(['(missing)', 'female']);
  });

  it('widens intervals when rows of one entity go together', async () => {
    const random = makeRandom(1, 'fairness');
    const entities = Array.from({ length: 200 }, () => ({ label: random.int(2), p: random.uniform() }));
    const rows = entities.flatMap((entity, key) => Array.from({ length: 4 }, () => ({ ...entity, key: String(key) })));
    const asked: MetricFramesRequest = {
      labels: Uint8Array.from(rows, ({ label }) => label),
      probabilities: Float64Array.from(rows, ({ p }) => p),
      groups: { all: rows.map(() => 'everyone') },
      threshold: 0.5,
      maximumGap: 0.1,
      entity: 'patient_id',
    };
    const span = async (changes: Partial<MetricFramesRequest>) => {
      const found = (await one({ ...asked, ...changes })).groups[0]?.metrics['selection_rate'];
      return found && found.value !== null
        ? { width: found.high - found.low, method: found.method }
        : { width: 0, method: '' };
    };
    const alone = await span({});
    const together = await span({ keys: rows.map(({ key }) => key) });
    expect(together.width / alone.width).toBeGreaterThan(1.9);
    expect(together.width / alone.width).toBeLessThan(2.1);
    expect(together.method).toMatch(/design effect of repeated rows by patient_id/);
    expect((await span({ keys: rows.map((_, i) => String(i)) })).width).toBe(alone.width);
  });

  it('adds up: group counts cover all rows, and ROC-AUC is that of the rows', async () => {
    const row = fc.record({
      group: fc.constantFrom('a', 'b', 'c'),
      label: fc.constantFrom(0, 1),
      p: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 120 }), async (rows) => {
        const frame = await one({
          labels: Uint8Array.from(rows, ({ label }) => label),
          probabilities: Float64Array.from(rows, ({ p }) => p),
          groups: { g: rows.map(({ group }) => group) },
          threshold: 0.5,
          maximumGap: 0.1,
        });
        expect(frame.groups.reduce((sum, { n }) => sum + n, 0)).toBe(rows.length);
        for (const { group, metrics } of frame.groups) {
          const own = rows.filter((entry) => entry.group === group);
          const auc = metrics['roc_auc'];
          if (auc && auc.value !== null) {
            expect(auc.value).toBe(
              rocAuc(
                own.map(({ label }) => label),
                own.map(({ p }) => p),
              ),
            );
          }
          for (const metric of Object.values(metrics)) {
            if (metric.value === null) continue;
            expect(metric.low).toBeLessThanOrEqual(metric.value + 1e-9);
            expect(metric.high).toBeGreaterThanOrEqual(metric.value - 1e-9);
            expect(metric.low).toBeGreaterThanOrEqual(0);
            expect(metric.high).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it('refuses groups that do not fit the rows', async () => {
    const asked = request(BALANCED);
    await expect(metricFrames({ ...asked, groups: { sex: ['female'] } }, {})).rejects.toThrow(
      /sensitive column sex has 1 groups for 400 rows/,
    );
  });

  it('stops between groups when cancelled', async () => {
    const signal = { aborted: false };
    const onProgress = () => {
      signal.aborted = true;
    };
    await expect(metricFrames(request(BALANCED), { signal, onProgress })).rejects.toThrow(/cancelled/);
  });
});

describe('aucInterval', () => {
  it('keeps a width at 0 and 1 and stays within them', () => {
    expect(aucInterval(1, 20, 30).high).toBeCloseTo(1, 12);
    expect(aucInterval(1, 20, 30).low).toBeLessThan(0.99);
    expect(aucInterval(0, 20, 30).low).toBeCloseTo(0, 12);
    expect(aucInterval(0, 20, 30).high).toBeGreaterThan(0.01);
  });

  it('covers the true area about 95 times in 100', () => {
    const random = makeRandom(2, 'auc');
    const truth = 0.7602499389065233; // standard normal distribution function at 1 / sqrt(2)
    let covered = 0;
    for (let i = 0; i < 400; i++) {
      const labels = Uint8Array.from({ length: 90 }, (_, row) => (row < 35 ? 1 : 0));
      const scores = Float64Array.from(labels, (label) => random.normal() + label);
      const { low, high } = aucInterval(rocAuc(labels, scores), 35, 55);
      if (low <= truth && truth <= high) covered++;
    }
    expect(covered).toBeGreaterThan(366);
    expect(covered).toBeLessThan(397);
  });
});

describe('wording', () => {
  it('writes changes with their sign and lists with "and"', () => {
    expect([0.2021, -0.05, 0, 0.0001, -0.0001].map(pointsText)).toEqual(['+20.2', '-5.0', '0.0', '0.0', '0.0']);
    expect([listText([]), listText(['a']), listText(['a', 'b']), listText(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});
