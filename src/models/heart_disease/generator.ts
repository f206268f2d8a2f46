import type { Table } from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { invariant } from '../../utils/errors';
import { makeRandom, type Random } from '../../utils/random';
import type { GenerateRequest, WindowRequest } from '../types';
import { CLOCK, DAY, HISTORY_MIDDLE, HISTORY_START, MINUTE, YEAR } from './clock';
import { drawFindings } from './findings';
import { diseaseProbability } from './outcome';
import { drawPatient, type Patient } from './patient';
import { AT_REST, mixOf, type Mix } from './scenarios';
import { RawTables } from './tables';

/** Visits between two turns of the host: about 10 ms. */
const VISITS_A_TURN = 5000;
const VISITS_A_PATIENT = 3;
/** Of a window's patients, so many were here before; they come 1.2 times on average, as new ones do. */
const RETURNING_SHARE = 0.45;
const WINDOW_VISITS_A_PATIENT = 1.2;

/** A person with the moment the age stands for and a place in the id dictionary. */
interface Cast {
  readonly patient: Patient;
  readonly agedAt: number;
}

/** All patients of a history: as many as a third of its visits. */
export function patientCount(rows: number): number {
  return Math.max(1, Math.round(rows / VISITS_A_PATIENT));
}

export function patientId(number: number): string {
  return `PT${String(number).padStart(5, '0')}`;
}

/** 24 months of visits up to the clock: exactly `rows` of them, patient by patient, each patient's in order of time. */
export async function generate(request: GenerateRequest, control: Control): Promise<Map<string, Table>> {
  const patients = patientCount(request.rows);
  const ids = Array.from({ length: patients }, (_, i) => patientId(i + 1));
  const counts = visitCounts(makeRandom(request.seed, 'visit counts'), patients, request.rows);
  const castOf = (i: number): Cast => ({ patient: historyPatient(request.seed, i), agedAt: HISTORY_MIDDLE });
  const span = { from: HISTORY_START, to: CLOCK };
  return fillTables({ random: makeRandom(request.seed, 'visits'), ids, counts, castOf, span, mix: AT_REST }, control);
}

function historyPatient(seed: number, i: number): Patient {
  return drawPatient(makeRandom(seed, `patient ${i}`), AT_REST.meanAge);
}

/** Everyone comes once; the other visits fall on patients at random. */
function visitCounts(random: Random, patients: number, rows: number): Int32Array {
  const counts = new Int32Array(patients).fill(1);
  for (let visit = patients; visit < rows; visit++) {
    const i = random.int(patients);
    counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts;
}

/** Visits in [from, to) under a scenario: exactly `rows`, by new patients and, with a history, by returning ones. */
export async function generateWindow(request: WindowRequest, control: Control): Promise<Map<string, Table>> {
  const mix = mixOf(request.scenario);
  invariant(mix, () => `no scenario ${request.scenario}`);
  const random = makeRandom(request.seed, `window ${request.from}`);
  const patients = Math.max(1, Math.round(request.rows / WINDOW_VISITS_A_PATIENT));
  const counts = visitCounts(random, patients, request.rows);
  const returning = await drawReturning(random, request, { mix, patients, control });
  const middle = (request.from + request.to) / 2;
  const newMean = newcomersMeanAge({ returning, counts, rows: request.rows, middle, meanAge: mix.meanAge });
  const firstNew = Math.floor(request.from / DAY) * 1_000_000;
  const ids = Array.from({ length: patients }, (_, i) =>
    patientId((returning[i]?.number ?? firstNew + i - returning.length) + 1),
  );
  const castOf = (i: number): Cast =>
    returning[i] ?? {
      patient: drawPatient(makeRandom(request.seed, `newcomer ${request.from} ${i}`), newMean),
      agedAt: middle,
    };
  return fillTables({ random, ids, counts, castOf, span: request, mix }, control);
}

interface Returning extends Cast {
  /** 0-based number in the history. */
  readonly number: number;
}

/** Spread of ages in the history, for tilting the choice of who returns. */
const AGE_VARIANCE = 180;
const ELDEST_TILTED = 85;

/** Different patients of the history, likelier the older they are where the mix asks for a higher mean age. */
async function drawReturning(
  random: Random,
  { history }: WindowRequest,
  { mix, patients, control }: { readonly mix: Mix; readonly patients: number; readonly control: Control },
): Promise<readonly Returning[]> {
  if (!history) return [];
  const known = patientCount(history.rows);
  const wanted = Math.min(Math.round(RETURNING_SHARE * patients), Math.floor(known / 4));
  const tilt = (mix.meanAge - AT_REST.meanAge) / AGE_VARIANCE;
  const chosen = new Map<number, Returning>();
  for (let tries = 0; chosen.size < wanted && tries < 50 * wanted; tries++) {
    if (tries % VISITS_A_TURN === 0)
      await checkpoint(control, { label: 'choosing returning patients', done: chosen.size, total: wanted });
    const number = random.int(known);
    const lot = random.uniform();
    if (chosen.has(number)) continue;
    const patient = historyPatient(history.seed, number);
    if (lot < tiltedShare(tilt, patient.age)) chosen.set(number, { patient, agedAt: HISTORY_MIDDLE, number });
  }
  return [...chosen.values()];
}

/** 1 at 85 years and above, less the younger when `tilt` is positive (first-order exponential tilting). */
function tiltedShare(tilt: number, age: number): number {
  const distance = Math.max(0, ELDEST_TILTED - age) * tilt;
  return 1 / (1 + distance + (distance * distance) / 2);
}

interface AgePlan {
  readonly returning: readonly Returning[];
  readonly counts: Int32Array;
  readonly rows: number;
  readonly middle: number;
  readonly meanAge: number;
}

/** The mean age newcomers must have for all visits together to have `meanAge`. */
function newcomersMeanAge({ returning, counts, rows, middle, meanAge }: AgePlan): number {
  let years = 0;
  let visits = 0;
  returning.forEach(({ patient, agedAt }, i) => {
    const count = counts[i] ?? 0;
    years += count * (patient.age + (middle - agedAt) / YEAR);
    visits += count;
  });
  return visits >= rows ? meanAge : (meanAge * rows - years) / (rows - visits);
}

interface FillPlan {
  readonly random: Random;
  readonly ids: readonly string[];
  readonly counts: Int32Array;
  readonly castOf: (i: number) => Cast;
  readonly span: { readonly from: number; readonly to: number };
  readonly mix: Mix;
}

async function fillTables(
  { random, ids, counts, castOf, span, mix }: FillPlan,
  control: Control,
): Promise<Map<string, Table>> {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const tables = new RawTables(rows, ids);
  let done = 0;
  let sinceTurn = VISITS_A_TURN;
  for (let i = 0; i < counts.length; i++) {
    if (sinceTurn >= VISITS_A_TURN) {
      await checkpoint(control, { label: 'generating visits', done, total: rows });
      sinceTurn = 0;
    }
    const { patient, agedAt } = castOf(i);
    for (const at of visitTimes(random, counts[i] ?? 0, span)) {
      const age = Math.max(0, patient.age + (at - agedAt) / YEAR);
      const findings = drawFindings(random, patient, age, mix.scanShift);
      const diseased = random.chance(diseaseProbability(mix.mechanism, patient, findings));
      tables.add(random, { patientCode: i, patient, findings, at, diseased });
    }
    done += counts[i] ?? 0;
    sinceTurn += counts[i] ?? 0;
  }
  await checkpoint(control, { label: 'generating visits', done: rows, total: rows });
  return tables.finish();
}

const OPENS_MINUTE = 8 * 60;
const OPEN_MINUTES = 10 * 60;

/** Moments in [from, to), ascending, between 8 and 18 o'clock UTC, whole minutes. */
function visitTimes(
  random: Random,
  count: number,
  { from, to }: { readonly from: number; readonly to: number },
): number[] {
  const firstDay = Math.ceil(from / DAY);
  const days = Math.max(1, Math.floor(to / DAY) - firstDay);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    times.push((firstDay + random.int(days)) * DAY + (OPENS_MINUTE + random.int(OPEN_MINUTES)) * MINUTE);
  }
  return times.sort((a, b) => a - b);
}
