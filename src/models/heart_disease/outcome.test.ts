import { describe, expect, test } from 'vitest';
import configText from '../../../config.yaml?raw';
import { loadConfig } from '../../config/load';
import { log, logit, sigmoid } from '../../utils/math';
import { makeRandom } from '../../utils/random';
import { mean, quantile } from '../../utils/statistics';
import { drawFindings } from './findings';
import { diseaseProbability, type MechanismName } from './outcome';
import { drawPatient, type Patient } from './patient';
import { mixOf } from './scenarios';

/**
 * What a perfect model could say: the outcome's probability with the invisible frailty averaged out (MacKay 1992's
 * approximation of a logistic-normal mean).
 */
function visibleProbability(
  mechanism: MechanismName,
  patient: Patient,
  found: ReturnType<typeof drawFindings>,
): number {
  const at = (frailty: number) => logit(diseaseProbability(mechanism, { ...patient, frailty }, found));
  const spread = at(1) - at(0);
  return sigmoid(at(0) / Math.sqrt(1 + (Math.PI / 8) * spread * spread));
}

/** Share of a mix's visits that a perfect model of the rest state calls high-risk. */
function highRiskShare(scenario: string, threshold: number): number {
  const mix = mixOf(scenario);
  if (!mix) throw new Error(`no mix ${scenario}`);
  let high = 0;
  const n = 20_000;
  for (let i = 0; i < n; i++) {
    const random = makeRandom(21, `high ${i}`);
    const patient = drawPatient(random, mix.meanAge);
    if (visibleProbability('at_rest', patient, drawFindings(random, patient, patient.age, mix.scanShift)) >= threshold)
      high++;
  }
  return high / n;
}

describe('predicted risk', () => {
  const loaded = loadConfig(configText);
  const high = 'config' in loaded ? (loaded.config.models[0]?.risk_bands.high ?? NaN) : NaN;

  test.each([
    ['at_rest', 0.4],
    ['older_patients', 0.46],
    ['higher_risk_mix', 0.6],
    ['prevalence_up', 0.4],
  ])('%s: share above the high band %f ± 0.03', (scenario, share) => {
    expect(Math.abs(highRiskShare(scenario, high) - share)).toBeLessThan(0.03);
  });

  test('a perfect model would reach a ROC-AUC of about 0.91: the noise cannot be learned away', () => {
    const scores: { p: number; y: boolean }[] = [];
    for (let i = 0; i < 20_000; i++) {
      const random = makeRandom(22, `noise ${i}`);
      const patient = drawPatient(random, 55);
      const found = drawFindings(random, patient, patient.age, 0);
      scores.push({
        p: visibleProbability('at_rest', patient, found),
        y: random.chance(diseaseProbability('at_rest', patient, found)),
      });
    }
    scores.sort((a, b) => a.p - b.p);
    const positives = scores.filter(({ y }) => y).length;
    const rankSum = scores.reduce((sum, { y }, rank) => sum + (y ? rank + 1 : 0), 0);
    const auc = (rankSum - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives));
    expect(auc).toBeGreaterThan(0.9);
    expect(auc).toBeLessThan(0.93);
    expect(
      quantile(
        scores.map(({ p }) => p),
        0.6,
      ),
    ).toBeCloseTo(high, 1);
  });

  test('after the change the old order of patients is a worse one', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => {
      const random = makeRandom(23, `change ${i}`);
      const patient = drawPatient(random, 55);
      const found = drawFindings(random, patient, patient.age, 0);
      return {
        before: visibleProbability('at_rest', patient, found),
        after: visibleProbability('changed', patient, found),
      };
    });
    const excess = (q: (row: (typeof rows)[number]) => number) =>
      mean(rows.map((row) => -row.after * log(q(row)) - (1 - row.after) * log(1 - q(row))));
    expect(excess((row) => row.before) / excess((row) => row.after)).toBeGreaterThan(1.25);
  });
});
