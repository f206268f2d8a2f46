import { exp, sigmoid } from '../../utils/math';
import type { Random } from '../../utils/random';
import type { Patient } from './patient';

export const CHEST_PAIN_TYPES = ['typical angina', 'atypical angina', 'non-anginal pain', 'asymptomatic'] as const;
export const ST_SLOPES = ['upsloping', 'flat', 'downsloping'] as const;
export const RESTING_ECGS = ['normal', 'ST-T abnormality', 'left ventricular hypertrophy'] as const;
export const THAL_RESULTS = ['normal', 'fixed defect', 'reversible defect'] as const;

/** Position of "asymptomatic" in CHEST_PAIN_TYPES. */
export const ASYMPTOMATIC = 3;

/** What a visit and its laboratory find, before anything goes missing. */
export interface Findings {
  /** Years. */
  age: number;
  chestPain: number;
  /** mm Hg. */
  restingBp: number;
  /** Beats a minute. */
  maxHeartRate: number;
  exerciseAngina: boolean;
  /** ST depression by exercise, mm. */
  oldpeak: number;
  slope: number;
  ecg: number;
  /** mg/dl. */
  cholesterol: number;
  hdl: number;
  fastingBloodSugar: number;
  /** 0 to 3, coloured by fluoroscopy. */
  vessels: number;
  thal: number;
}

/** One visit of `patient` at `age`. `scanShift` moves vessels, perfusion and chest pain towards disease; 0 at rest. */
export function drawFindings(random: Random, patient: Patient, age: number, scanShift: number): Findings {
  const child = age < 18 ? 1 : 0;
  const older = age - 55;
  const severity =
    0.015 * older + (patient.male ? 0.25 : -0.3) + 0.85 * patient.burden + 0.35 * random.normal() - 2.5 * child;
  const restingBp = clampRound(130 + 0.8 * older + 3 * severity + 9 * patient.bpOffset + 7 * random.normal(), 70, 220);
  const maxHeartRate = clampRound(
    151 - 0.85 * older - 8 * severity + 9 * patient.heartRateOffset + 8 * random.normal() - 12 * child,
    60,
    215,
  );
  const exerciseAngina = random.chance(sigmoid(-0.95 + 1.1 * severity));
  const oldpeak = oneDecimal(Math.min(6.2, Math.max(0, 0.8 + 0.85 * severity + 0.85 * random.normal())));
  const shifted = severity + scanShift;
  return {
    age,
    chestPain: drawChestPain(random, shifted),
    restingBp,
    maxHeartRate,
    exerciseAngina,
    oldpeak,
    slope: level(0.6 * severity + 0.35 * (oldpeak - 1) + random.normal(), [0.02, 1.95]),
    ecg: drawEcg(random, restingBp, older),
    cholesterol: clampRound(
      237 * exp(0.15 * patient.cholesterolOffset + 0.09 * random.normal() + 0.002 * older) * (1 - 0.3 * child),
      100,
      570,
    ),
    hdl: clampRound((patient.male ? 45 : 54) + 9 * patient.hdlOffset + 3 * random.normal() - 1.5 * severity, 18, 110),
    fastingBloodSugar: clampRound(
      patient.diabetic ? 152 + 28 * random.normal() : 97 + 9 * random.normal() + 0.08 * older,
      60,
      400,
    ),
    vessels: level(0.8 * shifted + 0.012 * older + random.normal(), [0.3, 1.15, 2.05]),
    thal: drawThal(random, shifted, patient.male),
  };
}

function drawChestPain(random: Random, severity: number): number {
  const typical = random.chance(0.08);
  const score = 0.75 * severity + random.normal();
  return typical ? 0 : level(score, [-1.15, 0.05]) + 1;
}

function drawEcg(random: Random, restingBp: number, older: number): number {
  const hypertrophy = random.chance(sigmoid(-0.15 + 0.02 * (restingBp - 130) + 0.01 * older));
  return random.chance(0.02) ? 1 : hypertrophy ? 2 : 0;
}

function drawThal(random: Random, severity: number, male: boolean): number {
  const reversible = 0.8 * severity + (male ? 0.25 : -0.35) + random.normal() > 0.35;
  return random.chance(0.06) ? 1 : reversible ? 2 : 0;
}

/** How many of the ascending limits `score` passes. */
function level(score: number, limits: readonly number[]): number {
  return limits.reduce((passed, limit) => passed + (score > limit ? 1 : 0), 0);
}

function clampRound(value: number, low: number, high: number): number {
  return Math.round(Math.min(high, Math.max(low, value)));
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
