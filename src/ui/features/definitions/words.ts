import type { DefinitionKind } from '../../../features/definition-changes';
import type { Expectation, ValueType } from '../../../features/types';

/** Feast's objects as the page calls them. */
export const KIND_WORDS: Readonly<Record<DefinitionKind, string>> = {
  entity: 'entity',
  source: 'source',
  request_source: 'request source',
  feature_view: 'feature view',
  on_demand_feature_view: 'on-demand view',
  feature_service: 'service',
};

const SCALARS = ['bool', 'int32', 'int64', 'float32', 'float64', 'string', 'timestamp'] as const;

export const VALUE_TYPES: readonly ValueType[] = [...SCALARS, ...SCALARS.map((type) => `${type}[]` as const)];

/** An expectation in words: "0 to 300, at most 5% missing; else refused". */
export function expectationText({ min, max, in: values, null_share, severity }: Expectation): string {
  const range =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `at least ${min}`
        : max !== undefined
          ? `at most ${max}`
          : '';
  const parts = [
    range,
    values ? `one of ${values.join(', ')}` : '',
    null_share === undefined ? '' : `at most ${Number((100 * null_share).toFixed(4))}% missing`,
  ];
  return `${parts.filter((part) => part !== '').join(', ')}${severity === 'refuse' ? '; else refused' : ''}`;
}
