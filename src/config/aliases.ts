import type { Finding, Path } from './faults';

/** Other names XGBoost itself gives its native parameters (dmlc/xgboost:src/tree/param.h). */
export const PARAMETER_ALIASES: Readonly<Record<string, string>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
  random_state: 'seed',
};

export type PlainMap = Record<string, unknown>;

export function isPlainMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Renames aliases to native names in place. `renamed` gets the text's own key by canonical path (joined by "."), for
 * finding lines later; both names at once are a fault.
 */
export function resolveAliases(root: unknown, renamed: Map<string, string>): readonly Finding[] {
  const models: unknown = isPlainMap(root) ? root['models'] : undefined;
  if (!Array.isArray(models)) return [];
  return models.flatMap((model: unknown, index) => {
    const params = childOf(childOf(model, 'training'), 'params');
    const space = childOf(childOf(model, 'tuning'), 'space');
    return [
      ...rename(params, ['models', index, 'training', 'params'], renamed),
      ...renameSpace(space, ['models', index, 'tuning', 'space'], renamed),
    ];
  });
}

function childOf(value: unknown, key: string): unknown {
  return isPlainMap(value) ? value[key] : undefined;
}

/** A search space with the options of its choices, which may set parameters too. */
export function renameSpace(space: unknown, path: Path, renamed: Map<string, string>): readonly Finding[] {
  if (!isPlainMap(space)) return [];
  const here = rename(space, path, renamed);
  const inside = Object.entries(space).flatMap(([key, expression]) => {
    const at = (kind: string, option: unknown, place: Path) =>
      renameSpace(option, [...path, key, kind, ...place], renamed);
    const choice = childOf(expression, 'choice');
    const pchoice = childOf(expression, 'pchoice');
    return [
      ...(Array.isArray(choice) ? choice.flatMap((option: unknown, i) => at('choice', option, [i])) : []),
      ...(Array.isArray(pchoice)
        ? pchoice.flatMap((pair: unknown, i) => (Array.isArray(pair) ? at('pchoice', pair[1], [i, 1]) : []))
        : []),
    ];
  });
  return [...here, ...inside];
}

function rename(map: unknown, path: Path, renamed: Map<string, string>): readonly Finding[] {
  if (!isPlainMap(map)) return [];
  const findings: Finding[] = [];
  for (const [alias, key] of Object.entries(PARAMETER_ALIASES)) {
    if (!Object.hasOwn(map, alias)) continue;
    if (Object.hasOwn(map, key)) {
      findings.push({
        path: [...path, alias],
        at: 'key',
        expected: `${key} or ${alias}, not both`,
        suggestion: key,
        message: `is the same parameter as ${key}, which is set here too; keep one of them`,
      });
    } else {
      map[key] = map[alias];
      renamed.set([...path, key].join('.'), alias);
    }
    delete map[alias];
  }
  return findings;
}
