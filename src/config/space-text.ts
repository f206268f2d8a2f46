import { renameSpace } from './aliases';
import { checkSpace } from './space-rules';
import type { SearchSpace } from './space-schema';
import type { ConfigFault } from './faults';
import { readYamlText } from './yaml-text';

/**
 * A search space as a text of its own, JSON or YAML 1.2: parameters with expressions in Hyperopt's words, as
 * `tuning.space` of config.yaml has them. Faults are in the order of lines.
 */
export function readSpaceText(
  text: string,
): { readonly space: SearchSpace } | { readonly faults: readonly ConfigFault[] } {
  const read = readYamlText(text, 'eta: { loguniform: [-3.5, -1.2] }');
  if ('faults' in read) return read;
  const renamed = new Map<string, string>();
  const findings = [...renameSpace(read.root, [], renamed), ...checkSpace(read.root, [])];
  if (findings.length > 0) return { faults: read.place(findings, renamed) };
  return { space: read.root as SearchSpace };
}
