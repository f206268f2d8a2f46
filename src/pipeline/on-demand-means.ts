import type { OnlineRequest } from '../features/get-online-features';
import { modelDefinitions } from '../models/catalog';
import { functionsIn } from '../models/on-demand';
import type { Platform } from './platform';

/** What on-demand features of a model folder are served with: the functions that training is given, and SQL where it is needed. */
export function onDemandMeans(
  platform: Pick<Platform, 'services'>,
  folder: string,
): Required<Pick<OnlineRequest, 'sql' | 'functions'>> {
  return { sql: () => platform.services.data.scratch(), functions: functionsIn(modelDefinitions().get(folder)) };
}
