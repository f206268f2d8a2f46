import type { DefinitionFault } from './definition-faults';
import type { Expectation, FeatureDefinitions, FeatureView, Field } from './types';

/** What is wrong with the expectations that definitions declare. */
export function expectationFaults(definitions: FeatureDefinitions): readonly DefinitionFault[] {
  return [
    ...definitions.views.flatMap((view, at) => [
      ...freshnessFaults(view).map((message) => ({ path: ['views', at], message })),
      ...view.schema.flatMap((field, number) =>
        fieldFaults(`${view.name}:${field.name}`, field).map((message) => ({
          path: ['views', at, 'schema', number],
          message,
        })),
      ),
    ]),
    ...(definitions.onDemandViews ?? []).flatMap((view, at) =>
      view.schema.flatMap((field, number) =>
        field.expect
          ? [
              {
                path: ['onDemandViews', at, 'schema', number],
                message: `${view.name}:${field.name} is computed when it is asked for, so nothing is checked of it. Expect it of the features that it is made from.`,
              },
            ]
          : [],
      ),
    ),
  ];
}

function freshnessFaults({ name, freshness }: FeatureView): readonly string[] {
  if (freshness === undefined || (Number.isFinite(freshness) && freshness > 0)) return [];
  return [`The freshness of view "${name}" is ${freshness}; give a time above 0, such as 7d, or leave it out.`];
}

function fieldFaults(name: string, { expect, dtype }: Field): readonly string[] {
  if (!expect) return [];
  if (dtype.endsWith('[]') && (expect.in || expect.min !== undefined || expect.max !== undefined)) {
    return [
      `${name} is a list, of which only a null_share can be expected. Make a feature of what matters in it, such as len(${name.split(':')[1] ?? ''}), and expect it of that.`,
    ];
  }
  return [...rangeFaults(name, expect, dtype), ...setFaults(name, expect, dtype), ...shareFaults(name, expect)];
}

function rangeFaults(name: string, { min, max }: Expectation, dtype: Field['dtype']): readonly string[] {
  if (min === undefined && max === undefined) return [];
  if (dtype === 'string' || dtype === 'bool') {
    return [`${name} is ${dtype} and expects a range; expect a list of values (in) instead of min and max.`];
  }
  const odd = [min, max].find((bound) => bound !== undefined && !Number.isFinite(bound));
  if (odd !== undefined) return [`${name} expects a bound of ${odd}; give a number, or leave the bound out.`];
  if (min !== undefined && max !== undefined && min > max) {
    return [`${name} expects at least ${min} and at most ${max}, which no value can be; swap min and max.`];
  }
  return [];
}

function setFaults(name: string, { in: values }: Expectation, dtype: Field['dtype']): readonly string[] {
  if (values === undefined) return [];
  if (dtype !== 'string' && dtype !== 'bool' && dtype !== 'int32' && dtype !== 'int64') {
    return [`${name} is ${dtype} and expects one of a list of values (in); expect a range (min, max) instead.`];
  }
  if (values.length === 0) return [`${name} expects one of no values; name them, or leave "in" out.`];
  const odd = values.find((value) => !FITS[dtype].test(value));
  return odd === undefined ? [] : [`${name} is ${dtype} and expects the value "${odd}", which is ${NO[dtype]}.`];
}

const FITS = { string: /^/, bool: /^(true|false)$/, int32: /^-?\d{1,10}$/, int64: /^-?\d{1,19}$/ } as const;
const NO = {
  string: 'no text',
  bool: 'neither true nor false',
  int32: 'no whole number',
  int64: 'no whole number',
} as const;

function shareFaults(name: string, { null_share: share }: Expectation): readonly string[] {
  if (share === undefined || (share >= 0 && share <= 1)) return [];
  return [`${name} expects a null_share of ${share}; give a share of the rows between 0 and 1.`];
}
