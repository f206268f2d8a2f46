import { WorkbenchError } from '../src/utils/errors';

const RUN = 'glasshouse-run';
const WRITE = 'glasshouse-write';

/** Without Web Locks (an insecure origin) turns are taken within this tab only. */
let running = false;
let last: Promise<unknown> = Promise.resolve();

function busy(): WorkbenchError {
  return new WorkbenchError(
    'BUSY',
    'Another run is under way in this or another tab of Glasshouse. Wait for it or stop it there, then try again. Nothing was changed.',
  );
}

/** One run at a time across tabs; a second is refused. Short writes that are under way are waited for. */
export async function exclusiveWork<T>(work: () => Promise<T>): Promise<T> {
  if ('locks' in navigator) {
    return navigator.locks.request(RUN, { ifAvailable: true }, async (lock) => {
      if (!lock) throw busy();
      await navigator.locks.request(WRITE, () => Promise.resolve());
      return work();
    });
  }
  if (running) throw busy();
  running = true;
  try {
    await last;
    return await work();
  } finally {
    running = false;
  }
}

/** Short writes one after the other across tabs, none while there is a run; `unlessBusy` waits for none, and gives way where other tabs cannot be seen. */
export async function inTurn<T>(work: () => Promise<T>, unlessBusy = false): Promise<T> {
  if ('locks' in navigator) {
    return navigator.locks.request(WRITE, { ifAvailable: unlessBusy }, async (lock) => {
      if (!lock) throw busy();
      // A run that starts from here on waits until this lock is given back.
      const { held = [] } = await navigator.locks.query();
      if (held.some(({ name }) => name === RUN)) throw busy();
      return work();
    });
  }
  if (unlessBusy) throw busy();
  const turn = last.then(() => (running ? Promise.reject(busy()) : work()));
  last = turn.catch(() => undefined);
  return turn;
}
