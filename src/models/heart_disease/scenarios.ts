import type { Scenario } from '../types';
import type { MechanismName } from './outcome';

/** What a window does differently. */
export interface Mix {
  /** Mean age of the window's visits, years. */
  readonly meanAge: number;
  /** See `drawFindings`. */
  readonly scanShift: number;
  readonly mechanism: MechanismName;
}

export const AT_REST: Mix = { meanAge: 55, scanShift: 0, mechanism: 'at_rest' };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'older_patients',
    title: 'Mean age 55 → 62',
    description: 'The practice takes over patients of a retirement home. Blood pressure and heart rate move with age.',
  },
  {
    name: 'higher_risk_mix',
    title: 'Predicted high-risk 40% → 60%',
    description:
      'A cardiology centre refers its patients: more narrowed vessels, perfusion defects and silent disease.',
  },
  {
    name: 'prevalence_up',
    title: 'Prevalence 35% → 50%',
    description:
      'The same patients, but disease is found more often, and pressure, lipids and sugar now count for more.',
  },
];

const MIXES: Readonly<Record<string, Mix>> = {
  at_rest: AT_REST,
  older_patients: { ...AT_REST, meanAge: 62 },
  higher_risk_mix: { ...AT_REST, scanShift: 1.1 },
  prevalence_up: { ...AT_REST, mechanism: 'changed' },
};

export function mixOf(scenario: string): Mix | undefined {
  return Object.hasOwn(MIXES, scenario) ? MIXES[scenario] : undefined;
}
