import { countText } from '../../fairness/wording';
import { GATE_HEADS, gateCells, intervalText, numberText, verdictText } from './text';
import { NOT_STATED, type CardMetric, type ModelCard } from './types';

/** A model card as Markdown, with Hugging Face's metadata and model-index in its YAML head. */
export function markdownCard(card: ModelCard): string {
  return `${frontMatter(card)}\n${body(card)}`;
}

const TASK = { type: 'tabular-classification', name: 'Tabular classification' } as const;

/** The YAML head (huggingface/huggingface_hub:ModelCardData): every text in double quotes, which JSON writes as YAML reads. */
function frontMatter(card: ModelCard): string {
  const { model_details: details, model_parameters: parameters } = card;
  const stated = details.license !== NOT_STATED;
  const plain = /^[a-z0-9][a-z0-9.-]*$/.test(details.license);
  const lines = [
    '---',
    `library_name: ${text(parameters.kind === 'xgboost' ? 'xgboost' : 'glasshouse')}`,
    `pipeline_tag: ${text(TASK.type)}`,
    ...(stated ? [`license: ${text(plain ? details.license : 'other')}`] : []),
    ...(stated && !plain ? [`license_name: ${text(details.license)}`] : []),
    `tags: [${['tabular', 'glasshouse', parameters.kind].map(text).join(', ')}]`,
    'model-index:',
    `- name: ${text(`${details.name} ${details.version.name}`)}`,
    '  results:',
    ...slicesOf(card).flatMap(([slice, metrics]) => resultLines(card, slice, metrics)),
    '---',
    '',
  ];
  return lines.join('\n');
}

/** Metrics that have a value, slice by slice in their order. */
function slicesOf({ quantitative_analysis: analysis }: ModelCard): [string, readonly CardMetric[]][] {
  const slices = [...new Set(analysis.performance_metrics.map(({ slice }) => slice))];
  return slices
    .map((slice): [string, readonly CardMetric[]] => [
      slice,
      analysis.performance_metrics.filter((metric) => metric.slice === slice && metric.value !== null),
    ])
    .filter(([, metrics]) => metrics.length > 0);
}

function resultLines(card: ModelCard, slice: string, metrics: readonly CardMetric[]): string[] {
  const data = card.model_parameters.data.find(({ split }) => split === 'holdout') ?? card.model_parameters.data[0];
  return [
    `  - task: {type: ${text(TASK.type)}, name: ${text(TASK.name)}}`,
    '    dataset:',
    `      type: ${text(data?.name ?? card.model_details.name)}`,
    `      name: ${text(data?.name ?? card.model_details.name)}`,
    ...(slice === '' ? [] : [`      config: ${text(slice)}`]),
    `      split: ${text(data?.split ?? 'holdout')}`,
    ...(data && data.revision !== '' ? [`      revision: ${text(data.revision)}`] : []),
    '    metrics:',
    ...metrics.flatMap(({ type, title, value, low, high, n }) => [
      `    - type: ${text(type)}`,
      `      name: ${text(title)}`,
      `      value: ${value ?? 0}`,
      `      args: {n: ${n}${low === null || high === null ? '' : `, low: ${low}, high: ${high}`}}`,
    ]),
  ];
}

/** A YAML text on one line; what YAML, unlike JSON, takes as a line break is escaped. */
function text(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function body(card: ModelCard): string {
  const { model_details: details, considerations } = card;
  return [
    `# ${plain(`${details.name} ${details.version.name}`)}`,
    section('Model details', [plain(details.overview), facts(detailFacts(card))]),
    section('Uses', [
      facts([
        ['Users', considerations.users],
        ['Use cases', considerations.use_cases],
        ['Out of scope', considerations.out_of_scope],
      ]),
    ]),
    section('Bias, risks and limitations', [
      considerations.limitations.map((line) => `- ${plain(line)}`).join('\n'),
      facts([
        ['Tradeoffs', considerations.tradeoffs],
        ['Ethical considerations', considerations.ethical_considerations],
      ]),
    ]),
    section('Training details', trainingParts(card)),
    section('Evaluation', evaluationParts(card)),
    section('Promotion', promotionParts(card)),
    section('Lineage', [facts(card.lineage.map(({ name, value }) => [name, value]))]),
    '',
  ].join('\n\n');
}

function detailFacts({ model_details: details, model_parameters: parameters }: ModelCard): [string, string][] {
  return [
    ['Version', `${details.version.name}, ${details.version.date}`],
    ['Changes', details.version.diff],
    ['Kind', parameters.model_architecture],
    ['Owners', details.owners],
    ['License', details.license],
    ['Documentation', details.documentation],
    ['References', details.references],
    ['Citation', details.citation],
    ['Path', details.path],
  ];
}

function evaluationParts({ quantitative_analysis: analysis }: ModelCard): string[] {
  const rows = analysis.performance_metrics.map((metric) => [
    metric.title,
    metric.slice === '' ? 'all' : metric.slice,
    numberText(metric.value),
    intervalText(metric),
    countText(metric.n),
    metric.method,
  ]);
  return [plain(analysis.description), table(['Metric', 'Slice', 'Value', '95% interval', 'n', 'Method'], rows)];
}

function promotionParts({ quantitative_analysis: analysis }: ModelCard): string[] {
  const rows = analysis.gates.map((gate) => [
    ...gateCells(gate),
    `${verdictText(gate)}${gate.note === '' ? '' : `: ${gate.note}`}`,
  ]);
  const heads = [...GATE_HEADS, 'Verdict'];
  return [plain(analysis.decision), table(heads, rows)];
}

function trainingParts({ model_parameters: parameters }: ModelCard): string[] {
  return [
    table(
      ['Data', 'Split', 'Rows', 'Revision', 'Description', 'Groups compared'],
      parameters.data.map((one) => [
        one.name,
        one.split,
        countText(one.rows),
        one.revision,
        one.description,
        one.sensitive.join(', ') || 'none',
      ]),
    ),
    plain(`Input: ${parameters.input_format}`),
    table(
      ['Input', 'Type', 'Feature', 'Feature type'],
      parameters.inputs.map((one) => [one.name, one.type, one.feature ?? '–', one.dtype ?? '–']),
    ),
    plain(`Output: ${parameters.output_format}`),
    table(
      ['Parameter', 'Value'],
      parameters.parameters.map(({ name, value }) => [name, value]),
    ),
  ];
}

function section(title: string, parts: readonly string[]): string {
  return [`## ${title}`, ...parts.filter((part) => part !== '')].join('\n\n');
}

function facts(list: readonly (readonly [string, string])[]): string {
  return list.map(([name, value]) => `- **${plain(name)}**: ${plain(value)}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Text on one line in which nothing is markup, neither Markdown's nor HTML's. */
function plain(value: string): string {
  return value
    .replace(/[\s\u0085\u2028\u2029]+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]#|~!]/g, '\\$&')
    .replace(/^([-+=]|\d+[.)])/, '\\$1')
    .replace(/:\/\//g, ':&#47;&#47;');
}
