import type { Experiment, Run } from '../../tracking/types';
import type { Records, RecordsTx } from '../../utils/records';

interface Held {
  readonly revision: number;
  readonly runs: readonly Run[];
  /** Whether nothing was written in this tab since the runs were counted, which takes longer than a search. */
  readonly isCounted: boolean;
}

/** Runs kept in memory by experiment, read again when anything about them changed in any tab. */
class RunIndex {
  readonly #records: Records;
  readonly #held = new Map<string, Held>();

  constructor(records: Records) {
    this.#records = records;
  }

  /** Runs of these experiments (of all without), in no order; the same list while nothing changed. */
  of(experiments?: readonly string[]): Promise<readonly Run[]> {
    return this.#records.read(['experiments', 'runs'], async (tx) => {
      const known = await tx.query<Experiment>('experiments');
      const wanted = known.filter(({ name }) => experiments === undefined || experiments.includes(name));
      const lists: (readonly Run[])[] = [];
      for (const { experiment_id: id, revision } of wanted) {
        const held = this.#held.get(id);
        const isFresh = held?.revision === revision && (held.isCounted || (await isWhole(tx, id, held)));
        const fresh = { revision, runs: isFresh ? held.runs : await allRuns(tx, id), isCounted: true };
        this.#held.set(id, fresh);
        lists.push(fresh.runs);
      }
      for (const id of this.#held.keys()) if (!known.some((one) => one.experiment_id === id)) this.#held.delete(id);
      return lists.length === 1 ? (lists[0] ?? []) : lists.flat();
    });
  }

  /** Something was written in this tab: runs are counted before they are given out again. */
  recount(): void {
    for (const [id, held] of this.#held) this.#held.set(id, { ...held, isCounted: false });
  }
}

/** Whether an experiment has as many runs as are held, since an import may bring runs without a word of it. */
async function isWhole(tx: RecordsTx, experiment: string, { runs }: Held): Promise<boolean> {
  return (await tx.count('runs', { index: 'experiment_id', equals: experiment })) === runs.length;
}

/** In one go: browsers walk a list in reverse order row by row. */
function allRuns(tx: RecordsTx, experiment: string): Promise<readonly Run[]> {
  return tx.query<Run>('runs', { index: 'experiment_id', equals: experiment });
}

const indexes = new WeakMap<Records, RunIndex>();

/** The runs of a workspace, kept in memory between calls. */
export function indexedRuns(records: Records, experiments?: readonly string[]): Promise<readonly Run[]> {
  const index = indexes.get(records) ?? new RunIndex(records);
  indexes.set(records, index);
  return index.of(experiments);
}

/** Tells those runs that something was written in this tab. */
export function recountRuns(records: Records): void {
  indexes.get(records)?.recount();
}
