import { nearest } from '../config/suggest';
import { WorkbenchError } from '../utils/errors';

type Given = Readonly<Record<string, unknown>>;

/**
 * Parameters with constraints by feature number, where XGBoost also takes names: monotone_constraints as {name: direction}
 * and interaction_constraints as groups of names. Everything else is handed on as it is. Throws TRAINING_INVALID for a
 * name that no feature has.
 */
export function constraintsByNumber(params: Given, featureNames: readonly string[]): Given {
  const { monotone_constraints: monotone, interaction_constraints: groups } = params;
  return {
    ...params,
    ...(isMap(monotone) ? { monotone_constraints: directions(monotone, featureNames) } : {}),
    ...(Array.isArray(groups) ? { interaction_constraints: numbered(groups, featureNames) } : {}),
  };
}

function isMap(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function directions(monotone: Given, featureNames: readonly string[]): readonly unknown[] {
  for (const name of Object.keys(monotone)) numberOf(name, 'monotone_constraints', featureNames);
  return featureNames.map((name) => (Object.hasOwn(monotone, name) ? monotone[name] : 0));
}

function numbered(groups: readonly unknown[], featureNames: readonly string[]): readonly unknown[] {
  return groups.map((group: unknown) =>
    Array.isArray(group)
      ? group.map((member: unknown) =>
          typeof member === 'string' ? numberOf(member, 'interaction_constraints', featureNames) : member,
        )
      : group,
  );
}

function numberOf(name: string, parameter: string, featureNames: readonly string[]): number {
  const at = featureNames.indexOf(name);
  if (at >= 0) return at;
  const near = nearest(name, featureNames);
  const advice = near === null ? '.' : `; did you mean "${near}"?`;
  throw new WorkbenchError(
    'TRAINING_INVALID',
    `Training parameters: ${parameter} names "${name.slice(0, 60)}", which is no feature${advice}`,
  );
}
