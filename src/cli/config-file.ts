import defaultConfig from '../../config.yaml?raw';
import { describeFault } from '../config/faults';
import { loadConfig } from '../config/load';
import type { Config } from '../config/schema';
import { checkConfigModels } from '../models/catalog';
import { WorkbenchError } from '../utils/errors';
import { readBytes } from './table-file';

/** The configuration of a file, or the one built in. Throws CONFIG_INVALID with every fault and its line. */
export async function readConfig(path: string | null): Promise<Config> {
  const text = path === null ? defaultConfig : Buffer.from(await readBytes(path)).toString('utf8');
  const loaded = loadConfig(text);
  if ('config' in loaded) {
    checkConfigModels(loaded.config);
    return loaded.config;
  }
  throw new WorkbenchError(
    'CONFIG_INVALID',
    `${path ?? 'config.yaml'} has faults:\n${loaded.faults.map((fault) => `  ${describeFault(fault, path ?? 'config.yaml')}`).join('\n')}`,
  );
}
