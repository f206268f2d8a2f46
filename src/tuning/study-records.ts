import type { RecordsTx, TableSchema } from '../utils/records';
import type { Trial } from './types';

/** Tables of this room: trials of studies under way, so that a search goes on where it stood after a reload. */
export const tuningTables = {
  studies: { key: 'model' },
  trials: { key: ['model', 'number'], indexes: { model: 'model' } },
} as const satisfies Readonly<Record<string, TableSchema>>;

/** A study under way; at most one a model. */
export interface StudyRecord {
  readonly model: string;
  /** Hash of everything the trials depend on. */
  readonly fingerprint: string;
  readonly max_evals: number;
  /** Milliseconds, wall clock. */
  readonly started: number;
}

interface StoredTrial extends Trial {
  readonly model: string;
}

/** Trials of the model's study, in order of their number; of another fingerprint none, and the old ones are forgotten. */
export async function openStudy(tx: RecordsTx, study: StudyRecord): Promise<readonly Trial[]> {
  const known = await tx.get<StudyRecord>('studies', study.model);
  if (known?.fingerprint === study.fingerprint) {
    await tx.put('studies', { ...known, max_evals: study.max_evals });
    return trialsOf(tx, study.model);
  }
  await forgetStudy(tx, study.model);
  await tx.put('studies', study);
  return [];
}

export async function keepTrial(tx: RecordsTx, model: string, trial: Trial): Promise<void> {
  const stored: StoredTrial = { ...trial, model };
  await tx.put('trials', stored);
}

export async function forgetStudy(tx: RecordsTx, model: string): Promise<void> {
  await tx.clear('trials', { index: 'model', equals: model });
  await tx.delete('studies', model);
}

/** The study a model has under way, with how many of its trials have ended; null when there is none. */
export async function studyUnderWay(
  tx: RecordsTx,
  model: string,
): Promise<{ readonly study: StudyRecord; readonly ended: number } | null> {
  const study = await tx.get<StudyRecord>('studies', model);
  return study ? { study, ended: (await trialsOf(tx, model)).length } : null;
}

async function trialsOf(tx: RecordsTx, model: string): Promise<readonly Trial[]> {
  const stored = await tx.query<StoredTrial>('trials', { index: 'model', equals: model });
  return stored.sort((a, b) => a.number - b.number).map(({ model: _model, ...trial }) => trial);
}
