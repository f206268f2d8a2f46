import { makeTable, type Column, type Table } from '../../utils/columns';
import type { Random } from '../../utils/random';
import { DAY, HOUR, LONGEST_LABEL_DELAY_DAYS, MINUTE, SHORTEST_LABEL_DELAY_DAYS } from './clock';
import { CHEST_PAIN_TYPES, RESTING_ECGS, ST_SLOPES, THAL_RESULTS, type Findings } from './findings';
import { ETHNICITIES, type Patient } from './patient';

/** Shares of values that were never written down, and of records that arrived days late. */
const MISSING = {
  restingBp: 0.01,
  maxHeartRate: 0.02,
  oldpeak: 0.02,
  slope: 0.03,
  ecg: 0.01,
  chestPain: 0.005,
  cholesterol: 0.06,
  hdl: 0.08,
  fastingBloodSugar: 0.04,
  vessels: 0.04,
  thal: 0.02,
  ethnicity: 0.03,
} as const;
const LATE_SHARE = 0.02;
/** Visits without any blood drawn, and those whose blood was drawn only afterwards. */
const NO_LABS_SHARE = 0.03;
const LABS_AFTER_SHARE = 0.03;

/** One visit as it goes into the raw tables. */
export interface VisitRecord {
  /** Position in the patient dictionary. */
  readonly patientCode: number;
  readonly patient: Patient;
  readonly findings: Findings;
  /** Microseconds, whole minutes. */
  readonly at: number;
  readonly diseased: boolean;
}

type Text = { readonly type: 'string'; readonly codes: Int32Array; readonly dictionary: readonly string[] };

function floats(rows: number) {
  return { type: 'float64', values: new Float64Array(rows) } as const;
}

function times(rows: number) {
  return { type: 'timestamp', values: new Float64Array(rows) } as const;
}

function texts(rows: number, dictionary: readonly string[]): Text {
  return { type: 'string', codes: new Int32Array(rows), dictionary };
}

/** The four raw tables of `rows` visits, filled visit by visit. Every visit takes the same number of draws. */
export class RawTables {
  readonly #patientId: readonly Text[];
  readonly #demographics;
  readonly #visits;
  readonly #labs;
  readonly #outcomes;
  #row = 0;
  #labRow = 0;

  constructor(rows: number, patientIds: readonly string[]) {
    const perTable = Array.from({ length: 4 }, () => texts(rows, patientIds));
    this.#patientId = perTable;
    this.#demographics = {
      event: times(rows),
      created: times(rows),
      age: floats(rows),
      sex: texts(rows, ['female', 'male']),
      ethnicity: texts(rows, ETHNICITIES),
    };
    this.#visits = {
      event: times(rows),
      created: times(rows),
      chestPain: texts(rows, CHEST_PAIN_TYPES),
      restingBp: floats(rows),
      maxHeartRate: floats(rows),
      exerciseAngina: { type: 'bool', values: new Int8Array(rows) } as const,
      oldpeak: floats(rows),
      slope: texts(rows, ST_SLOPES),
      ecg: texts(rows, RESTING_ECGS),
    };
    this.#labs = {
      event: times(rows),
      created: times(rows),
      cholesterol: floats(rows),
      hdl: floats(rows),
      fastingBloodSugar: floats(rows),
      vessels: floats(rows),
      thal: texts(rows, THAL_RESULTS),
    };
    this.#outcomes = { event: times(rows), label: times(rows), disease: new BigInt64Array(rows) };
  }

  add(random: Random, record: VisitRecord): void {
    this.#addDemographics(random, record);
    this.#addVisit(random, record);
    this.#addLabs(random, record);
    const { event, label, disease } = this.#outcomes;
    this.#setPatient(3, this.#row, record);
    event.values[this.#row] = record.at;
    const delay = SHORTEST_LABEL_DELAY_DAYS + random.int(LONGEST_LABEL_DELAY_DAYS - SHORTEST_LABEL_DELAY_DAYS);
    label.values[this.#row] = record.at + delay * DAY + random.int(12) * HOUR;
    disease[this.#row] = record.diseased ? 1n : 0n;
    this.#row++;
  }

  #setPatient(table: number, row: number, { patientCode }: VisitRecord): void {
    const column = this.#patientId[table];
    if (column) column.codes[row] = patientCode;
  }

  #addDemographics(random: Random, record: VisitRecord): void {
    const { event, created, age, sex, ethnicity } = this.#demographics;
    const row = this.#row;
    this.#setPatient(0, row, record);
    event.values[row] = record.at - (2 + random.int(19)) * MINUTE;
    created.values[row] = record.at + recordedLater(random);
    age.values[row] = Math.max(0.1, Math.round(record.findings.age * 10) / 10);
    sex.codes[row] = record.patient.male ? 1 : 0;
    ethnicity.codes[row] = random.chance(MISSING.ethnicity) ? -1 : record.patient.ethnicity;
  }

  #addVisit(random: Random, record: VisitRecord): void {
    const table = this.#visits;
    const { findings } = record;
    const row = this.#row;
    this.#setPatient(1, row, record);
    table.event.values[row] = record.at;
    table.created.values[row] = record.at + recordedLater(random);
    table.chestPain.codes[row] = random.chance(MISSING.chestPain) ? -1 : findings.chestPain;
    table.restingBp.values[row] = random.chance(MISSING.restingBp) ? NaN : findings.restingBp;
    table.maxHeartRate.values[row] = random.chance(MISSING.maxHeartRate) ? NaN : findings.maxHeartRate;
    table.exerciseAngina.values[row] = findings.exerciseAngina ? 1 : 0;
    table.oldpeak.values[row] = random.chance(MISSING.oldpeak) ? NaN : findings.oldpeak;
    table.slope.codes[row] = random.chance(MISSING.slope) ? -1 : findings.slope;
    table.ecg.codes[row] = random.chance(MISSING.ecg) ? -1 : findings.ecg;
  }

  #addLabs(random: Random, record: VisitRecord): void {
    const table = this.#labs;
    const { findings } = record;
    const row = this.#labRow;
    const drawn = record.at + drawnAround(random);
    const turnaround = turnaroundOf(record.at - drawn, random.int(44));
    const late = random.chance(LATE_SHARE) ? (1 + random.int(5)) * DAY : 0;
    const none = random.chance(NO_LABS_SHARE);
    this.#setPatient(2, row, record);
    table.event.values[row] = drawn;
    table.created.values[row] = drawn + turnaround + late;
    table.cholesterol.values[row] = random.chance(MISSING.cholesterol) ? NaN : findings.cholesterol;
    table.hdl.values[row] = random.chance(MISSING.hdl) ? NaN : findings.hdl;
    table.fastingBloodSugar.values[row] = random.chance(MISSING.fastingBloodSugar) ? NaN : findings.fastingBloodSugar;
    table.vessels.values[row] = random.chance(MISSING.vessels) ? NaN : findings.vessels;
    table.thal.codes[row] = random.chance(MISSING.thal) ? -1 : findings.thal;
    if (!none) this.#labRow++;
  }

  finish(): Map<string, Table> {
    const [ofDemographics, ofVisits, ofLabs, ofOutcomes] = this.#patientId;
    const { age, sex, ethnicity } = this.#demographics;
    const visits = this.#visits;
    const labs = this.#labs;
    const outcomes = this.#outcomes;
    return new Map([
      [
        'demographics',
        rawTable(ofDemographics, this.#demographics, [
          ['age', age],
          ['sex', sex],
          ['ethnicity', ethnicity],
        ]),
      ],
      [
        'visits',
        rawTable(ofVisits, visits, [
          ['chest_pain_type', visits.chestPain],
          ['resting_bp', visits.restingBp],
          ['max_heart_rate', visits.maxHeartRate],
          ['exercise_angina', visits.exerciseAngina],
          ['oldpeak', visits.oldpeak],
          ['st_slope', visits.slope],
          ['resting_ecg', visits.ecg],
        ]),
      ],
      [
        'lab_results',
        firstRows(
          rawTable(ofLabs, labs, [
            ['cholesterol', labs.cholesterol],
            ['hdl_cholesterol', labs.hdl],
            ['fasting_blood_sugar', labs.fastingBloodSugar],
            ['major_vessels', labs.vessels],
            ['thal', labs.thal],
          ]),
          this.#labRow,
        ),
      ],
      [
        'outcomes',
        makeTable([
          ...(ofOutcomes ? [['patient_id', ofOutcomes] as const] : []),
          ['event_timestamp', outcomes.event],
          ['label_timestamp', outcomes.label],
          ['heart_disease', { type: 'int64', values: outcomes.disease }],
        ]),
      ],
    ]);
  }
}

/** At once, or days after the visit for the few that come late; microseconds. */
function recordedLater(random: Random): number {
  const minutes = (5 + random.int(55)) * MINUTE;
  const days = (1 + random.int(5)) * DAY;
  return random.chance(LATE_SHARE) ? minutes + days : 0;
}

/** Until the laboratory's answer: in time for the visit where blood was drawn before it; whole minutes, microseconds. */
function turnaroundOf(untilVisit: number, draw: number): number {
  if (untilVisit <= 0) return (4 + draw) * HOUR;
  return Math.floor((untilVisit * (draw + 1)) / 44 / MINUTE) * MINUTE;
}

/** Up to two days before the visit, a few hours after it for some; whole minutes, as microseconds. */
function drawnAround(random: Random): number {
  const before = -(30 + random.int(2 * 24 * 60 - 30)) * MINUTE;
  const after = (60 + random.int(29 * 60)) * MINUTE;
  return random.chance(LABS_AFTER_SHARE) ? after : before;
}

type TimeColumn = ReturnType<typeof times>;

function rawTable(
  patientId: Text | undefined,
  { event, created }: { readonly event: TimeColumn; readonly created: TimeColumn },
  values: readonly (readonly [string, Column])[],
): Table {
  return makeTable([
    ...(patientId ? [['patient_id', patientId] as const] : []),
    ['event_timestamp', event],
    ['created_timestamp', created],
    ...values,
  ]);
}

function firstRows(table: Table, rows: number): Table {
  return makeTable([...table.columns].map(([name, column]) => [name, firstValues(column, rows)] as const));
}

function firstValues(column: Column, rows: number): Column {
  switch (column.type) {
    case 'string':
      return { ...column, codes: column.codes.slice(0, rows) };
    case 'bool':
      return { ...column, values: column.values.slice(0, rows) };
    case 'int64':
      return { type: 'int64', values: column.values.slice(0, rows) };
    case 'list':
      throw new Error('invariant: no generated column holds lists');
    default:
      return { type: column.type, values: column.values.slice(0, rows) };
  }
}
