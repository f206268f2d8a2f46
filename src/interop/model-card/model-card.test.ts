import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { htmlCard } from './html';
import { markdownCard } from './markdown';
import { NOT_STATED, type ModelCard } from './types';

const HOSTILE = `</p><script>alert("1")</script> | [a](javascript:b) \`c\` 'd' & *e* _f_ # g\n---\n- h: "i"`;

function card(text: string, license = NOT_STATED): ModelCard {
  const metric = { type: 'roc_auc', title: 'ROC-AUC', low: 0.8, high: 0.9, n: 120, method: text };
  return {
    model_details: {
      name: text,
      overview: text,
      documentation: text,
      owners: text,
      version: { name: 'v3', date: '2026-03-02', diff: text },
      license,
      references: text,
      citation: text,
      path: text,
    },
    model_parameters: {
      model_architecture: text,
      kind: 'xgboost',
      parameters: [{ name: text, value: text }],
      data: [{ name: text, split: 'holdout', rows: 120, revision: text, description: text, sensitive: [text] }],
      input_format: text,
      inputs: [{ name: text, type: 'double', required: false, feature: text, dtype: text }],
      output_format: text,
    },
    quantitative_analysis: {
      description: text,
      threshold: 0.5,
      performance_metrics: [
        { ...metric, slice: '', value: 0.85 },
        { ...metric, slice: text, value: 0.8 },
        { ...metric, slice: text, type: 'tpr', value: null, low: null, high: null },
      ],
      roc: [
        { x: 0, y: 0, threshold: 1 },
        { x: 1, y: 1, threshold: 0 },
      ],
      calibration: [{ n: 40, predicted: 0.3, observed: 0.25, low: 0.1, high: 0.4 }],
      gates: [
        {
          gate: 'fairness',
          what: text,
          passed: false,
          challenger: 0.2,
          champion: null,
          measured: 0.2,
          limit: 0.1,
          bound: 'at most',
          unit: 'value',
          n: 120,
          note: text,
        },
      ],
      decision: text,
    },
    considerations: {
      users: text,
      use_cases: text,
      out_of_scope: text,
      limitations: [text],
      tradeoffs: text,
      ethical_considerations: text,
    },
    lineage: [{ name: text, value: text }],
  };
}

/** The YAML head of a card, read by a YAML parser. */
function headOf(markdown: string): Record<string, unknown> {
  const [, head = ''] = /^---\n([\s\S]*?)\n---\n/.exec(markdown) ?? [];
  return parse(head) as Record<string, unknown>;
}

describe('the HTML card', () => {
  const html = htmlCard(card(HOSTILE));

  it('escapes every text, has no script and loads nothing', () => {
    expect(html).not.toMatch(/<script|<img|<link|<iframe|url\(|@import/i);
    expect(html).not.toMatch(/<[^>]* (on\w+|src|href)=/i);
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
    expect(html.split('&lt;script&gt;').length).toBeGreaterThan(30);
    expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'");
  });

  it('shows numbers with n and interval by slice, and gates with their verdict', () => {
    const plain = htmlCard(card('text'));
    expect(plain).toContain('<td class="r">0.8500</td><td class="r">0.8000 to 0.9000</td><td class="r">120</td>');
    expect(plain).toMatch(/<span class="failed">not passed<\/span>/);
    expect(plain.match(/<svg /g)).toHaveLength(2);
  });
});

describe('the Markdown card', () => {
  it('has a head that YAML reads, with a model-index of every slice that has a value', () => {
    const head = headOf(markdownCard(card(HOSTILE)));
    expect(head).toMatchObject({ library_name: 'xgboost', pipeline_tag: 'tabular-classification' });
    expect(head['license']).toBeUndefined();
    expect(head['model-index']).toEqual([
      {
        name: `${HOSTILE} v3`,
        results: [
          {
            task: { type: 'tabular-classification', name: 'Tabular classification' },
            dataset: { type: HOSTILE, name: HOSTILE, split: 'holdout', revision: HOSTILE },
            metrics: [{ type: 'roc_auc', name: 'ROC-AUC', value: 0.85, args: { n: 120, low: 0.8, high: 0.9 } }],
          },
          {
            task: { type: 'tabular-classification', name: 'Tabular classification' },
            dataset: { type: HOSTILE, name: HOSTILE, config: HOSTILE, split: 'holdout', revision: HOSTILE },
            metrics: [{ type: 'roc_auc', name: 'ROC-AUC', value: 0.8, args: { n: 120, low: 0.8, high: 0.9 } }],
          },
        ],
      },
    ]);
  });

  it.each(['a\u2028b', 'a\u0085b', '\u007f', '\ufeff', '\ud800', 'key: [1', "it's", '%', '@x', '{a}'])(
    'keeps the text %j in its head',
    (text) => {
      const [index] = headOf(markdownCard(card(text)))['model-index'] as { readonly name: string }[];
      expect(index?.name).toBe(`${text} v3`);
    },
  );

  it('names a license of the hub, and any other as other', () => {
    expect(headOf(markdownCard(card('x', 'apache-2.0')))).toMatchObject({ license: 'apache-2.0' });
    expect(headOf(markdownCard(card('x', 'Our own')))).toMatchObject({ license: 'other', license_name: 'Our own' });
  });

  it('keeps every text on its line, with nothing in it that is markup', () => {
    const body = markdownCard(card(HOSTILE)).replace(/^---\n[\s\S]*?\n---\n/, '');
    expect(body).not.toMatch(/<[a-z/]/i);
    expect(body).not.toMatch(/[^\\]`/);
    expect(body).not.toMatch(/[^\\]\]\(/);
    const rows = body.split('\n').filter((line) => line.startsWith('| '));
    for (const row of rows) expect(row.replace(/\\\|/g, '').split('|').length).toBeGreaterThan(2);
    expect(body.split('\n').filter((line) => line.startsWith('---'))).toEqual([]);
  });
});
