import { sigmoid } from '../../utils/math';
import { ASYMPTOMATIC, type Findings } from './findings';
import type { Patient } from './patient';

/** How findings lead to disease: log-odds of the outcome. */
interface Mechanism {
  readonly intercept: number;
  readonly perYear: number;
  readonly male: number;
  /** By position in CHEST_PAIN_TYPES. */
  readonly chestPain: readonly number[];
  readonly exerciseAngina: number;
  readonly oldpeak: number;
  readonly slope: readonly number[];
  readonly vessels: readonly number[];
  readonly thal: readonly number[];
  readonly perBeat: number;
  readonly perMmHg: number;
  readonly cholesterol: number;
  readonly hdl: number;
  readonly highBloodSugar: number;
  /** Angina under exercise in a patient without chest pain at rest. */
  readonly silentAngina: number;
  readonly frailty: number;
}

const AT_REST: Mechanism = {
  intercept: -4.49,
  perYear: 0.01,
  male: 0.5,
  chestPain: [0.2, -0.5, -0.3, 1.3],
  exerciseAngina: 0.8,
  oldpeak: 0.55,
  slope: [0, 0.5, 0.7],
  vessels: [0, 1.4, 2.1, 2.5],
  thal: [0, 0.7, 1.5],
  perBeat: -0.012,
  perMmHg: 0.008,
  cholesterol: 0.004,
  hdl: -0.015,
  highBloodSugar: 0.3,
  silentAngina: 0.5,
  frailty: 0.8,
};

/** After the change: pressure, lipids and sugar weigh more, symptoms and scans less, and disease is more common. */
const CHANGED: Mechanism = {
  ...AT_REST,
  intercept: -1.98,
  chestPain: [0.1, -0.2, -0.1, 0.5],
  exerciseAngina: 0.4,
  oldpeak: 0.3,
  vessels: [0, 0.7, 1.1, 1.3],
  thal: [0, 0.3, 0.6],
  perMmHg: 0.04,
  cholesterol: 0.02,
  hdl: -0.05,
  highBloodSugar: 1.3,
  silentAngina: 0.2,
};

export type MechanismName = 'at_rest' | 'changed';
const MECHANISMS: Readonly<Record<MechanismName, Mechanism>> = { at_rest: AT_REST, changed: CHANGED };

/** Probability that a visit ends in disease, everything known. */
export function diseaseProbability(name: MechanismName, patient: Patient, found: Findings): number {
  const m = MECHANISMS[name];
  const silent = found.exerciseAngina && found.chestPain === ASYMPTOMATIC;
  return sigmoid(
    m.intercept +
      m.perYear * (found.age - 55) +
      (patient.male ? m.male : 0) +
      (m.chestPain[found.chestPain] ?? 0) +
      (found.exerciseAngina ? m.exerciseAngina : 0) +
      m.oldpeak * found.oldpeak +
      (m.slope[found.slope] ?? 0) +
      (m.vessels[found.vessels] ?? 0) +
      (m.thal[found.thal] ?? 0) +
      m.perBeat * (found.maxHeartRate - 150) +
      m.perMmHg * (found.restingBp - 130) +
      m.cholesterol * (found.cholesterol - 240) +
      m.hdl * (found.hdl - 50) +
      (found.fastingBloodSugar > 120 ? m.highBloodSugar : 0) +
      (silent ? m.silentAngina : 0) +
      m.frailty * patient.frailty -
      (found.age < 18 ? 2 : 0),
  );
}
