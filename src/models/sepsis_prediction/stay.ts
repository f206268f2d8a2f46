import { exp, sigmoid } from '../../utils/math';
import type { Random } from '../../utils/random';
import type { Mix } from './scenarios';

export const WARDS = ['medical', 'surgical', 'emergency'] as const;
export const CONSCIOUSNESS = ['alert', 'altered'] as const;

/** What stays the same about a person. */
export interface Patient {
  /** Years. */
  readonly age: number;
  readonly male: boolean;
  readonly immunosuppressed: boolean;
  /** Standardised: shows in kidneys and blood pressure. */
  readonly frailty: number;
  /** Standardised: the heart rate at rest. */
  readonly pulse: number;
}

/** One round of observations. */
export interface Observation {
  /** Beats and breaths a minute, degrees Celsius, mm Hg, per cent. */
  readonly heartRate: number;
  readonly respiratoryRate: number;
  readonly temperature: number;
  readonly systolicBp: number;
  readonly oxygenSaturation: number;
  /** Index into CONSCIOUSNESS. */
  readonly consciousness: number;
}

export interface Labs {
  /** mmol/l, 10^9/l, mg/dl, 10^9/l, mg/l. */
  readonly lactate: number;
  readonly whiteCells: number;
  readonly creatinine: number;
  readonly platelets: number;
  readonly crp: number;
}

/** Everything about one assessment. */
export interface Assessment {
  readonly ward: number;
  /** Oldest first. */
  readonly observations: readonly Observation[];
  readonly labs: Labs;
  readonly septic: boolean;
}

export const ROUNDS = 6;

export function drawPatient(random: Random, meanAge: number): Patient {
  return {
    age: Math.min(100, Math.max(18, meanAge + 16 * random.normal())),
    male: random.chance(0.54),
    immunosuppressed: random.chance(0.12),
    frailty: random.normal(),
    pulse: random.normal(),
  };
}

/** An infection that grows over a day shows in observations, then in the laboratory, then in the outcome. */
export function drawAssessment(random: Random, patient: Patient, mix: Mix): Assessment {
  const ward = random.chance(0.5) ? 0 : random.chance(0.6) ? 1 : 2;
  const infection = random.normal() + (patient.immunosuppressed ? 0.5 : 0) + 0.012 * (patient.age - 62);
  const growth = 0.5 * random.normal() + 0.3 * infection;
  const flu = mix.influenza * (random.chance(0.45) ? 1 : 0);
  const observations = Array.from({ length: ROUNDS }, (_, round) =>
    drawObservation(random, patient, { severity: infection + growth * (round / (ROUNDS - 1)), flu }),
  );
  const severity = infection + growth;
  const labs = drawLabs(random, patient, severity);
  const last = observations[ROUNDS - 1];
  const odds =
    -3.9 +
    0.55 * severity +
    mix.lactateWeight * 0.8 * (labs.lactate - 1.5) +
    0.035 * (100 - (last?.systolicBp ?? 100)) * (1 - 0.4 * mix.influenza) +
    0.05 * ((last?.respiratoryRate ?? 18) - 18) * (1 - 0.8 * mix.influenza) +
    (last?.consciousness === 1 ? 0.8 : 0) +
    0.5 * (labs.creatinine - 1) +
    0.004 * (200 - labs.platelets) +
    (patient.immunosuppressed ? 0.4 : 0) +
    (ward === 2 ? 0.25 : 0) +
    mix.shift;
  return { ward, observations, labs, septic: random.chance(sigmoid(odds + 1.7)) };
}

function drawObservation(
  random: Random,
  patient: Patient,
  { severity, flu }: { readonly severity: number; readonly flu: number },
): Observation {
  const old = patient.age - 62;
  return {
    heartRate: within(84 + 6 * patient.pulse + 9 * severity + 6 * flu + 6 * random.normal(), 35, 200, 0),
    respiratoryRate: within(18 + 2.2 * severity + 4.5 * flu + 1.8 * random.normal(), 8, 50, 0),
    temperature: within(37.1 + 0.45 * severity + 0.9 * flu - 0.01 * old + 0.3 * random.normal(), 34, 41.5, 1),
    systolicBp: within(126 + 0.15 * old - 9 * severity - 3 * patient.frailty + 9 * random.normal(), 55, 220, 0),
    oxygenSaturation: within(96.5 - 1.1 * severity - 1.5 * flu + 1.2 * random.normal(), 70, 100, 0),
    consciousness: random.chance(sigmoid(-3.6 + 0.9 * severity + 0.03 * old)) ? 1 : 0,
  };
}

function drawLabs(random: Random, patient: Patient, severity: number): Labs {
  return {
    lactate: within(exp(0.35 + 0.3 * severity + 0.25 * random.normal()), 0.4, 20, 1),
    whiteCells: within(exp(2.2 + 0.16 * severity + 0.3 * random.normal()), 0.3, 60, 1),
    creatinine: within(exp(0.02 + 0.16 * patient.frailty + 0.14 * severity + 0.2 * random.normal()), 0.3, 12, 2),
    platelets: within(235 - 22 * severity + 55 * random.normal(), 10, 700, 0),
    crp: within(exp(3.2 + 0.7 * severity + 0.6 * random.normal()), 0.3, 500, 0),
  };
}

/** Cut to what is possible, with so many decimals. */
function within(value: number, low: number, high: number, decimals: 0 | 1 | 2): number {
  const scale = decimals === 0 ? 1 : decimals === 1 ? 10 : 100;
  return Math.round(Math.min(high, Math.max(low, value)) * scale) / scale;
}
