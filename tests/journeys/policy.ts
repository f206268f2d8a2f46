/** Asks for all kinds of gates, wide open, and lets a model as good as the champion pass. */
const POLICY = [
  'minimum_improvement: 0',
  'gates:',
  '  fairness: { metrics: [tpr], maximum_gap: 1 }',
  '  calibration: { maximum: 1 }',
  '  slices: { maximum_worsening: 1 }',
  '  schema: equal',
  '  model_size: { maximum_bytes: 100000000 }',
  '  latency: { maximum_ms: 1000 }',
];

/** The built config.yaml with another promotion policy: it stands in the workspace's worker as a text. */
export function withPolicy(path: string, body: Buffer): Buffer {
  if (!path.includes('workspace.worker') || !path.endsWith('.js')) return body;
  const text = body.toString('utf8');
  const found = /( +)minimum_improvement: 0\.02(\\n|\n)/.exec(text);
  if (!found) return body;
  const [whole, indent = '', newline = ''] = found;
  return Buffer.from(text.replace(whole, POLICY.map((line) => `${indent}${line}${newline}`).join('')));
}
