import type { Scenario } from '../types';

/** What a window does differently. */
export interface Mix {
  /** Mean age of those assessed, years. */
  readonly meanAge: number;
  /** Infections of the airways: fever and fast breathing without more sepsis. */
  readonly influenza: number;
  /** Log-odds by which sepsis is found more often, whatever is measured. */
  readonly shift: number;
  /** How much lactate says, against rest. */
  readonly lactateWeight: number;
}

export const AT_REST: Mix = { meanAge: 62, influenza: 0, shift: 0, lactateWeight: 1 };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'older_patients',
    title: 'Mean age 62 → 70',
    description: 'A geriatric ward joins. Kidneys, blood pressure and alertness move with age.',
  },
  {
    name: 'influenza_season',
    title: 'Influenza season',
    description: 'Many have fever and breathe fast without sepsis: what is measured shifts, and says less than it did.',
  },
  {
    name: 'earlier_antibiotics',
    title: 'Earlier antibiotics',
    description: 'A new protocol treats before lactate rises: sepsis is rarer, and lactate no longer tells it.',
  },
];

const MIXES: Readonly<Record<string, Mix>> = {
  at_rest: AT_REST,
  older_patients: { ...AT_REST, meanAge: 70 },
  influenza_season: { ...AT_REST, influenza: 1 },
  earlier_antibiotics: { ...AT_REST, shift: -1.1, lactateWeight: 0.2 },
};

export function mixOf(scenario: string): Mix | undefined {
  return Object.hasOwn(MIXES, scenario) ? MIXES[scenario] : undefined;
}
