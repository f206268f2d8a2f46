import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './load';

const TEXT = readFileSync('config.yaml', 'utf8');

/** config.yaml with other lines under promotion. */
function withPromotion(...lines: readonly string[]) {
  const from = TEXT.indexOf('    promotion:\n');
  const to = TEXT.indexOf('\n\n', from);
  const block = ['    promotion:', ...lines.map((line) => `      ${line}`)].join('\n');
  return loadConfig(TEXT.slice(0, from) + block + TEXT.slice(to));
}

function messages(...lines: readonly string[]): readonly string[] {
  const loaded = withPromotion(...lines);
  return 'config' in loaded ? [] : loaded.faults.map(({ message }) => message);
}

describe('promotion', () => {
  it('asks for no gates unless told', () => {
    const loaded = withPromotion('metric: roc_auc');
    if (!('config' in loaded)) throw new Error(loaded.faults.map(({ message }) => message).join('\n'));
    expect(loaded.config.models[0]?.promotion).toEqual({
      metric: 'roc_auc',
      minimum_improvement: 0.02,
      improvement: 'relative',
      approval: 'manual',
    });
  });

  it('fills the defaults of the gates that are asked for', () => {
    const loaded = withPromotion('gates:', '  fairness: { maximum_gap: 0.1 }', '  slices: {}');
    expect('config' in loaded && loaded.config.models[0]?.promotion.gates).toEqual({
      significant: false,
      fairness: { metrics: ['tpr', 'fpr'], maximum_gap: 0.1 },
      slices: { metric: 'log_loss', maximum_worsening: 0, minimum_rows: 50 },
    });
  });

  it.each([
    [['metric: brier', 'interval: delong'], /interval is delong, which is for roc_auc, and the metric is brier/],
    [['gates:', '  fairness: {}'], /gates\.fairness has no limit/],
    [['gates:', '  calibration: { metric: brier }'], /gates\.calibration has no limit/],
    [['gates:', '  fairnes: { maximum_gap: 0.1 }'], /did you mean "fairness"/i],
    [['gates:', '  latency: { maximum_ms: 0 }'], /maximum_ms/],
    [['gates:', '  schema: same'], /schema/],
  ])('%j is refused', (lines, sentence) => {
    const found = messages(...lines);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });
});
