import type { Expectation } from '../../../features/types';

/** An expectation as it is typed. */
export interface ExpectedTexts {
  readonly min: string;
  readonly max: string;
  /** Values with commas between. */
  readonly values: string;
  /** Percent. */
  readonly missing: string;
  readonly refuse: boolean;
}

export function expectedTexts(expect: Expectation | undefined): ExpectedTexts {
  return {
    min: expect?.min === undefined ? '' : String(expect.min),
    max: expect?.max === undefined ? '' : String(expect.max),
    values: (expect?.in ?? []).join(', '),
    missing: expect?.null_share === undefined ? '' : String(Number((100 * expect.null_share).toFixed(6))),
    refuse: expect?.severity === 'refuse',
  };
}

/** What was typed as an expectation, undefined where nothing is expected, or a sentence about what cannot be read. */
export function expectationOf({ min, max, values, missing, refuse }: ExpectedTexts): Expectation | undefined | string {
  const numbers = { 'smallest value': min, 'largest value': max, 'share of missing values': missing };
  for (const [what, text] of Object.entries(numbers)) {
    if (text.trim() !== '' && !Number.isFinite(Number(text))) return `The ${what} is “${text}”; write a number.`;
  }
  const share = Number(missing) / 100;
  if (share < 0 || share > 1) return `The share of missing values is ${missing}%; write 0 to 100.`;
  const list = values
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  const expect: Expectation = {
    ...(min.trim() === '' ? {} : { min: Number(min) }),
    ...(max.trim() === '' ? {} : { max: Number(max) }),
    ...(list.length === 0 ? {} : { in: list }),
    ...(missing.trim() === '' ? {} : { null_share: share }),
  };
  if (Object.keys(expect).length === 0) return undefined;
  return refuse ? { ...expect, severity: 'refuse' } : expect;
}
