import { resolveAliases } from './aliases';
import { findingsOf, type ConfigFault } from './faults';
import { schemaAt } from './json-schema';
import { checkRules } from './rules';
import { configSchema, type Config } from './schema';
import { readYamlText, type YamlText } from './yaml-text';

export type LoadedConfig = { readonly config: Config } | { readonly faults: readonly ConfigFault[] };

/**
 * Reads config.yaml (YAML 1.2): the config with every default filled in, or all faults at once in the order of their
 * lines. XGBoost's own aliases of parameters (learning_rate, reg_lambda, …) come out under their native names. The text
 * may be 1,000,000 characters long.
 */
export function loadConfig(text: string): LoadedConfig {
  const read = readYamlText(text, 'version: 1');
  return 'faults' in read ? read : judge(read);
}

function judge(text: YamlText): LoadedConfig {
  const { root } = text;
  const renamed = new Map<string, string>();
  const aliasFindings = resolveAliases(root, renamed);
  const parsed = configSchema.safeParse(root);
  const issues = parsed.success ? [] : parsed.error.issues;
  const findings = [
    ...aliasFindings,
    ...issues.filter((issue) => !insideSpace(issue.path)).flatMap((issue) => findingsOf(issue, root, schemaAt)),
    ...checkRules(root),
  ];
  if (parsed.success && findings.length === 0) return { config: parsed.data };
  return { faults: text.place(findings, renamed) };
}

/** Search expressions are judged by `checkSpace`, which says more than a failed union. */
function insideSpace(path: readonly PropertyKey[]): boolean {
  return path[0] === 'models' && path[2] === 'tuning' && path[3] === 'space' && path.length > 4;
}
