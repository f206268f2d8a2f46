import { Dexie } from 'dexie';
import type { Records, RecordsTx, TableSchema } from '../../utils/records';
import { WorkbenchError } from '../../utils/errors';
import { declareVersions, type StoreVersion } from './schema';
import { DexieTx } from './transaction';

/**
 * Records in IndexedDB through Dexie. Writes are strictly durable: when `write` resolves, the disk has it. Throws
 * STORAGE_REFUSED when the browser allows no database (private windows, blocked site data).
 */
export async function openIndexedDb(
  name: string,
  tables: Readonly<Record<string, TableSchema>>,
  versions: readonly StoreVersion[] = [{ version: 1, tables }],
): Promise<Records & { close(): void }> {
  const database = new Dexie(name, { chromeTransactionDurability: 'strict' });
  await declareVersions(database, versions);
  try {
    await database.open();
  } catch (error) {
    throw new WorkbenchError(
      'STORAGE_REFUSED',
      `IndexedDB could not be opened: ${textOf(error)}`,
      {},
      { cause: error },
    );
  }
  database.on('versionchange', () => {
    database.close();
    // Keeps Dexie's own handler from opening the newer store again under this older page.
    return false;
  });
  const run = async <T>(
    mode: 'r' | 'rw',
    names: readonly string[],
    work: (tx: RecordsTx) => Promise<T>,
  ): Promise<T> => {
    try {
      return await database.transaction(mode, [...names], async () =>
        work(new DexieTx((table) => database.table(table), tables)),
      );
    } catch (error) {
      throw storageFault(error);
    }
  };
  return {
    read: (names, work) => run('r', names, work),
    write: (names, work) => run('rw', names, work),
    close: () => database.close(),
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the browser has no space left; Dexie keeps the cause inside, and in the failures of a bulk put. */
function isQuota(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'QuotaExceededError') return true;
  if ('failures' in error && Array.isArray(error.failures)) return error.failures.some(isQuota);
  return 'inner' in error && error.inner !== error && isQuota(error.inner);
}

/** Quota and closed-database faults as sentences; everything else as it came. */
export function storageFault(error: unknown): unknown {
  const name = error instanceof Error ? error.name : '';
  if (isQuota(error)) {
    return new WorkbenchError(
      'STORAGE_REFUSED',
      'This browser has no space left for the workspace. Nothing was saved of this step.',
      { full: true },
      { cause: error },
    );
  }
  if (name === 'DatabaseClosedError') {
    return new WorkbenchError(
      'STORAGE_REFUSED',
      'The workspace was closed because a newer version of this page opened in another tab, or its data was erased. Reload this tab.',
      {},
      { cause: error },
    );
  }
  return error;
}
