import { countText } from '../../fairness/wording';
import { calibrationPicture, rocPicture } from './pictures';
import { Markup, markup } from './markup';
import { GATE_HEADS, gateCells, intervalText, numberText, verdictText } from './text';
import type { CardFact, ModelCard } from './types';

const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#16211d,#eef3f0);--quiet:light-dark(#5c6a64,#a3b1ab);--line:light-dark(#d9e0dc,#34403b);--good:light-dark(#0b6b47,#6fd3a5);--bad:light-dark(#9a3412,#f5a27a);--accent:light-dark(#0f8a5f,#46c08d)}
body{max-width:960px;margin:0 auto;padding:24px 16px 64px;background:light-dark(#fdfefd,#141a18);color:var(--ink);font:15px/1.55 system-ui,sans-serif}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}h2{font-size:18px;margin:36px 0 8px;padding-top:16px;border-top:1px solid var(--line)}
p{max-width:72ch;margin:8px 0}.quiet{color:var(--quiet)}ul{max-width:72ch;padding-left:20px}
dl{display:grid;grid-template-columns:minmax(120px,max-content) minmax(0,1fr);gap:4px 20px;margin:12px 0}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:12px 0}table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--line);text-align:start;vertical-align:top;max-width:280px;overflow-wrap:anywhere}th{color:var(--quiet);font-weight:500}.r{text-align:end;white-space:nowrap}
.passed{color:var(--good)}.failed{color:var(--bad);font-weight:600}
figure{display:inline-block;margin:12px 32px 0 0}figcaption{font-size:13px;color:var(--quiet)}svg{display:block}svg text{font:12px system-ui,sans-serif;fill:var(--quiet)}
`;

/** A model card as one HTML file: no script, nothing loaded, every text escaped. */
export function htmlCard(card: ModelCard): string {
  const { model_details: details } = card;
  const title = `${details.name} ${details.version.name}`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}: model card</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<h1>${title}</h1>
<p>${details.overview}</p>
${facts([
  { name: 'Version', value: `${details.version.name}, ${details.version.date}` },
  { name: 'Changes', value: details.version.diff },
  { name: 'Kind', value: card.model_parameters.model_architecture },
  { name: 'Owners', value: details.owners },
  { name: 'License', value: details.license },
  { name: 'Documentation', value: details.documentation },
  { name: 'References', value: details.references },
  { name: 'Citation', value: details.citation },
  { name: 'Path', value: details.path },
])}
${considerations(card)}
${evaluation(card)}
${promotion(card)}
${training(card)}
<h2>Lineage</h2>
${facts(card.lineage)}
</body>
</html>
`;
  return page.text;
}

function considerations({ considerations: stated }: ModelCard): Markup {
  return markup`<h2>Uses</h2>
${facts([
  { name: 'Users', value: stated.users },
  { name: 'Use cases', value: stated.use_cases },
  { name: 'Out of scope', value: stated.out_of_scope },
])}
<h2>Bias, risks and limitations</h2>
<ul>${stated.limitations.map((line) => markup`<li>${line}</li>`)}</ul>
${facts([
  { name: 'Tradeoffs', value: stated.tradeoffs },
  { name: 'Ethical considerations', value: stated.ethical_considerations },
])}`;
}

function evaluation({ quantitative_analysis: analysis }: ModelCard): Markup {
  return markup`<h2>Evaluation</h2>
<p>${analysis.description}</p>
${rocPicture(analysis.roc)}${calibrationPicture(analysis.calibration)}
${table(
  ['Metric', 'Slice', '>Value', '>95% interval', '>n', 'Method'],
  analysis.performance_metrics.map((metric) => [
    metric.title,
    metric.slice === '' ? 'all' : metric.slice,
    numberText(metric.value),
    intervalText(metric),
    countText(metric.n),
    metric.method,
  ]),
)}`;
}

function promotion({ quantitative_analysis: analysis }: ModelCard): Markup {
  const verdict = (passed: boolean | null, words: string) =>
    markup`<span class="${passed === null ? 'quiet' : passed ? 'passed' : 'failed'}">${words}</span>`;
  return markup`<h2>Promotion</h2>
<p>${analysis.decision}</p>
${table(
  [...GATE_HEADS.map((head, at) => (at === 0 ? head : `>${head}`)), 'Verdict', 'Note'],
  analysis.gates.map((gate) => [...gateCells(gate), verdict(gate.passed, verdictText(gate)), gate.note]),
)}`;
}

function training({ model_parameters: parameters }: ModelCard): Markup {
  return markup`<h2>Training</h2>
${table(
  ['Data', 'Split', '>Rows', 'Revision', 'Description', 'Groups compared'],
  parameters.data.map((one) => [
    one.name,
    one.split,
    countText(one.rows),
    one.revision,
    one.description,
    one.sensitive.join(', ') || 'none',
  ]),
)}
<p>Input: ${parameters.input_format}</p>
${table(
  ['Input', 'Type', 'Feature', 'Feature type'],
  parameters.inputs.map((one) => [one.name, one.type, one.feature ?? '–', one.dtype ?? '–']),
)}
<p>Output: ${parameters.output_format}</p>
${table(
  ['Parameter', 'Value'],
  parameters.parameters.map(({ name, value }) => [name, value]),
)}`;
}

function facts(list: readonly CardFact[]): Markup {
  return markup`<dl>${list.map(({ name, value }) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** A table; a heading that begins with ">" stands over numbers. */
function table(heads: readonly string[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  if (rows.length === 0) return markup``;
  const side = (at: number) => (heads[at]?.startsWith('>') ? 'r' : 'l');
  return markup`<div class="scroll"><table>
<thead><tr>${heads.map((head, at) => markup`<th scope="col" class="${side(at)}">${head.replace(/^>/, '')}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => markup`<tr>${row.map((cell, at) => markup`<td class="${side(at)}">${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}
