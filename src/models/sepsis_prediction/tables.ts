import { makeTable, type Column, type Table } from '../../utils/columns';
import type { Random } from '../../utils/random';
import { DAY, HOUR, LONGEST_LABEL_DELAY_DAYS, MINUTE } from './clock';
import { CONSCIOUSNESS, ROUNDS, WARDS, type Assessment, type Patient } from './stay';

/** Shares of values that were never written down, and of records that came hours late. */
const MISSING = { vital: 0.03, lab: 0.06, crp: 0.15 } as const;
const LATE_SHARE = 0.04;

export interface AssessmentRecord {
  /** Position in the dictionary of patients. */
  readonly patientCode: number;
  readonly patient: Patient;
  readonly assessment: Assessment;
  /** Microseconds, whole minutes. */
  readonly at: number;
}

type Numbers = { readonly type: 'float64' | 'timestamp'; readonly values: Float64Array };
type Texts = { readonly type: 'string'; readonly codes: Int32Array; readonly dictionary: readonly string[] };

const floats = (rows: number): Numbers => ({ type: 'float64', values: new Float64Array(rows) });
const times = (rows: number): Numbers => ({ type: 'timestamp', values: new Float64Array(rows) });
const texts = (rows: number, dictionary: readonly string[]): Texts => ({
  type: 'string',
  codes: new Int32Array(rows),
  dictionary,
});

/** A raw table that is filled row by row: keys, times, then its own columns in order. */
class Sheet {
  readonly #patients: Texts;
  readonly #event: Numbers;
  readonly #created: Numbers;
  readonly #columns: readonly (readonly [string, Numbers | Texts])[];
  #row = 0;

  constructor(rows: number, patients: readonly string[], columns: Readonly<Record<string, readonly string[] | null>>) {
    this.#patients = texts(rows, patients);
    this.#event = times(rows);
    this.#created = times(rows);
    this.#columns = Object.entries(columns).map(([name, dictionary]) => [
      name,
      dictionary ? texts(rows, dictionary) : floats(rows),
    ]);
  }

  add(patient: number, event: number, created: number, values: readonly number[]): void {
    const row = this.#row++;
    this.#patients.codes[row] = patient;
    this.#event.values[row] = event;
    this.#created.values[row] = created;
    this.#columns.forEach(([, column], i) => {
      const value = values[i] ?? NaN;
      if (column.type === 'string') column.codes[row] = Number.isNaN(value) ? -1 : value;
      else column.values[row] = value;
    });
  }

  table(): Table {
    const columns: (readonly [string, Column])[] = [
      ['patient_id', this.#patients],
      ['event_timestamp', this.#event],
      ['created_timestamp', this.#created],
      ...this.#columns.map(([name, column]) => [name, column as Column] as const),
    ];
    return makeTable(columns);
  }
}

/** The four raw tables of `rows` assessments. Every assessment takes the same number of draws. */
export class RawTables {
  readonly #admissions: Sheet;
  readonly #observations: Sheet;
  readonly #labs: Sheet;
  readonly #patients: Texts;
  readonly #at: Numbers;
  readonly #label: Numbers;
  readonly #sepsis: BigInt64Array;
  #row = 0;

  constructor(rows: number, patients: readonly string[]) {
    this.#admissions = new Sheet(rows, patients, {
      age: null,
      sex: ['female', 'male'],
      ward: WARDS,
      immunosuppressed: ['no', 'yes'],
    });
    this.#observations = new Sheet(rows * ROUNDS, patients, {
      heart_rate: null,
      respiratory_rate: null,
      temperature: null,
      systolic_bp: null,
      oxygen_saturation: null,
      consciousness: CONSCIOUSNESS,
    });
    this.#labs = new Sheet(rows, patients, {
      lactate: null,
      white_cells: null,
      creatinine: null,
      platelets: null,
      crp: null,
    });
    this.#patients = texts(rows, patients);
    this.#at = times(rows);
    this.#label = times(rows);
    this.#sepsis = new BigInt64Array(rows);
  }

  add(random: Random, { patientCode, patient, assessment, at }: AssessmentRecord): void {
    const kept = (value: number, share: number) => (random.chance(share) ? NaN : value);
    const late = () => (random.chance(LATE_SHARE) ? (2 + random.int(10)) * HOUR : 0);
    const admitted = at - DAY - random.int(12 * 60) * MINUTE;
    const { age, male, immunosuppressed } = patient;
    this.#admissions.add(patientCode, admitted, admitted + 20 * MINUTE, [
      Math.round(age),
      male ? 1 : 0,
      assessment.ward,
      immunosuppressed ? 1 : 0,
    ]);
    assessment.observations.forEach((one, round) => {
      const seen = at - (ROUNDS - 1 - round) * 4 * HOUR - random.int(50) * MINUTE;
      const { heartRate, respiratoryRate, temperature, systolicBp, oxygenSaturation, consciousness } = one;
      const measured = [heartRate, respiratoryRate, temperature, systolicBp, oxygenSaturation, consciousness];
      this.#observations.add(
        patientCode,
        seen,
        seen + late(),
        measured.map((value) => kept(value, MISSING.vital)),
      );
    });
    const drawn = at - (90 + random.int(6 * 60)) * MINUTE;
    const { lactate, whiteCells, creatinine, platelets, crp } = assessment.labs;
    this.#labs.add(patientCode, drawn, drawn + 70 * MINUTE + late(), [
      ...[lactate, whiteCells, creatinine, platelets].map((value) => kept(value, MISSING.lab)),
      kept(crp, MISSING.crp),
    ]);
    const row = this.#row++;
    this.#patients.codes[row] = patientCode;
    this.#at.values[row] = at;
    this.#label.values[row] = at + DAY + random.int((LONGEST_LABEL_DELAY_DAYS - 1) * 24) * HOUR;
    this.#sepsis[row] = assessment.septic ? 1n : 0n;
  }

  finish(): Map<string, Table> {
    const outcomes: (readonly [string, Column])[] = [
      ['patient_id', this.#patients],
      ['event_timestamp', this.#at],
      ['label_timestamp', this.#label],
      ['sepsis', { type: 'int64', values: this.#sepsis }],
    ];
    return new Map([
      ['admissions', this.#admissions.table()],
      ['observations', this.#observations.table()],
      ['lab_results', this.#labs.table()],
      ['outcomes', makeTable(outcomes)],
    ]);
  }
}
