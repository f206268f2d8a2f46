import type { Random } from '../../utils/random';

export const ETHNICITIES = ['White', 'Black', 'Hispanic', 'Asian', 'Other'] as const;
const ETHNICITY_SHARES = [0.58, 0.14, 0.14, 0.1, 0.04];

const ADULT_AGE_SD = 12.5;
const YOUNGEST_ADULT = 18;
const OLDEST = 95;
const CHILD_SHARE = 0.015;
/** Mean age that children are drawn around: uniform over 0 to 18. */
const CHILD_MEAN_AGE = 9;

/** What stays the same about a person. Standardised unless a unit is named. */
export interface Patient {
  /** Years, at the moment the patient was drawn for. */
  age: number;
  male: boolean;
  /** Index into ETHNICITIES. */
  ethnicity: number;
  /** How far the vessels are affected; shows in most findings. */
  burden: number;
  /** Shifts the outcome and shows in nothing: why visits of one patient resemble each other beyond their features. */
  frailty: number;
  bpOffset: number;
  cholesterolOffset: number;
  hdlOffset: number;
  heartRateOffset: number;
  diabetic: boolean;
}

/** The centre of adults' ages that gives `mean` over everybody, children included. */
function adultCentre(mean: number): number {
  return (mean - CHILD_SHARE * CHILD_MEAN_AGE) / (1 - CHILD_SHARE);
}

/** Draws one person; always the same number of draws, so that one seed gives the same person for any mean age. */
export function drawPatient(random: Random, meanAge: number): Patient {
  const child = random.chance(CHILD_SHARE);
  const childAge = 2 * CHILD_MEAN_AGE * random.uniform();
  const adultAge = adultCentre(meanAge) + ADULT_AGE_SD * random.normal();
  const age = child ? childAge : Math.min(OLDEST, Math.max(YOUNGEST_ADULT, adultAge));
  return {
    age,
    male: random.chance(0.58),
    ethnicity: pick(random.uniform(), ETHNICITY_SHARES),
    burden: random.normal(),
    frailty: random.normal(),
    bpOffset: random.normal(),
    cholesterolOffset: random.normal(),
    hdlOffset: random.normal(),
    heartRateOffset: random.normal(),
    diabetic: random.chance(child ? 0.005 : Math.max(0.02, 0.13 + 0.003 * (age - 55))),
  };
}

/** The index whose share of 0..1 holds `uniform`. */
export function pick(uniform: number, shares: readonly number[]): number {
  let left = uniform;
  for (let i = 0; i < shares.length - 1; i++) {
    left -= shares[i] ?? 0;
    if (left < 0) return i;
  }
  return shares.length - 1;
}
