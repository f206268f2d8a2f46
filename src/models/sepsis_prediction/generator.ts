import type { Table } from '../../utils/columns';
import { checkpoint, type Control } from '../../utils/control';
import { invariant } from '../../utils/errors';
import { makeRandom, type Random } from '../../utils/random';
import type { GenerateRequest, WindowRequest } from '../types';
import { CLOCK, DAY, HISTORY_START, MINUTE } from './clock';
import { AT_REST, mixOf, type Mix } from './scenarios';
import { drawAssessment, drawPatient, type Patient } from './stay';
import { RawTables } from './tables';

/** Assessments between two turns of the host: about 10 ms. */
const A_TURN = 2000;
const ASSESSMENTS_A_PATIENT = 2;
/** Of a window's patients, so many were here before. */
const RETURNING_SHARE = 0.2;
const WINDOW_ASSESSMENTS_A_PATIENT = 1.25;

function patientCount(rows: number): number {
  return Math.max(1, Math.round(rows / ASSESSMENTS_A_PATIENT));
}

function patientId(number: number): string {
  return `IC${String(number).padStart(6, '0')}`;
}

/** Twelve months of assessments up to the clock: exactly `rows` of them, patient by patient, each in order of time. */
export function generate({ seed, rows }: GenerateRequest, control: Control): Promise<Map<string, Table>> {
  const patients = patientCount(rows);
  return fillTables(
    {
      random: makeRandom(seed, 'assessments'),
      ids: Array.from({ length: patients }, (_, i) => patientId(i + 1)),
      counts: assessmentCounts(makeRandom(seed, 'assessment counts'), patients, rows),
      patientOf: (i) => historyPatient(seed, i),
      span: { from: HISTORY_START, to: CLOCK },
      mix: AT_REST,
    },
    control,
  );
}

function historyPatient(seed: number, i: number): Patient {
  return drawPatient(makeRandom(seed, `patient ${i}`), AT_REST.meanAge);
}

/** Everyone is assessed once; the others fall on patients at random. */
function assessmentCounts(random: Random, patients: number, rows: number): Int32Array {
  const counts = new Int32Array(patients).fill(1);
  for (let done = patients; done < rows; done++) {
    const i = random.int(patients);
    counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts;
}

/** Assessments in [from, to) under a scenario: exactly `rows`, by new patients and, with a history, by returning ones. */
export function generateWindow(request: WindowRequest, control: Control): Promise<Map<string, Table>> {
  const mix = mixOf(request.scenario);
  invariant(mix, () => `no scenario ${request.scenario}`);
  const random = makeRandom(request.seed, `window ${request.from}`);
  const patients = Math.max(1, Math.round(request.rows / WINDOW_ASSESSMENTS_A_PATIENT));
  const returning = drawReturning(random, request, patients);
  const firstNew = Math.floor(request.from / DAY) * 1_000_000;
  return fillTables(
    {
      random,
      ids: Array.from({ length: patients }, (_, i) => patientId((returning[i] ?? firstNew + i) + 1)),
      counts: assessmentCounts(random, patients, request.rows),
      patientOf: (i) => {
        const number = returning[i];
        return number !== undefined && request.history
          ? historyPatient(request.history.seed, number)
          : drawPatient(makeRandom(request.seed, `newcomer ${request.from} ${i}`), mix.meanAge);
      },
      span: request,
      mix,
    },
    control,
  );
}

/** Different patients of the history, by number. */
function drawReturning(random: Random, { history }: WindowRequest, patients: number): readonly number[] {
  if (!history) return [];
  const known = patientCount(history.rows);
  const wanted = Math.min(Math.round(RETURNING_SHARE * patients), Math.floor(known / 4));
  const chosen = new Set<number>();
  while (chosen.size < wanted) chosen.add(random.int(known));
  return [...chosen];
}

interface FillPlan {
  readonly random: Random;
  readonly ids: readonly string[];
  readonly counts: Int32Array;
  readonly patientOf: (i: number) => Patient;
  readonly span: { readonly from: number; readonly to: number };
  readonly mix: Mix;
}

async function fillTables(plan: FillPlan, control: Control): Promise<Map<string, Table>> {
  const { random, ids, counts, patientOf, span, mix } = plan;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const tables = new RawTables(rows, ids);
  let done = 0;
  let sinceTurn = A_TURN;
  for (let i = 0; i < counts.length; i++) {
    if (sinceTurn >= A_TURN) {
      await checkpoint(control, { label: 'generating assessments', done, total: rows });
      sinceTurn = 0;
    }
    const patient = patientOf(i);
    for (const at of moments(random, counts[i] ?? 0, span)) {
      tables.add(random, { patientCode: i, patient, assessment: drawAssessment(random, patient, mix), at });
    }
    done += counts[i] ?? 0;
    sinceTurn += counts[i] ?? 0;
  }
  await checkpoint(control, { label: 'generating assessments', done: rows, total: rows });
  return tables.finish();
}

/** Moments in [from, to), ascending, by day and night, whole minutes; the day before each is in the window too. */
function moments(random: Random, count: number, { from, to }: FillPlan['span']): number[] {
  const minutes = Math.max(1, Math.floor((to - from) / MINUTE) - 1);
  const first = Math.ceil(from / MINUTE);
  return Array.from({ length: count }, () => (first + random.int(minutes)) * MINUTE).sort((a, b) => a - b);
}
