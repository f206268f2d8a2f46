import { version } from '../../../package.json';
import { nearest } from '../../config/suggest';
import { parseExportArguments, type ExportArguments, type FeastArguments } from './export';
import { usage } from './flags';
import { parseImportArguments, type ImportArguments } from './import';
import { parseHistoricalFeaturesArguments, type HistoricalFeaturesArguments } from './historical-features';
import { parseModelsArguments, type ModelsArguments } from './models';
import { parsePredictArguments, type PredictArguments } from './predict';
import { parseRunArguments, type RunArguments } from './run';
import { parseRunsArguments, type RunsArguments } from './runs';
import { parseTrainArguments, type TrainArguments } from './train';
import { parseTuneArguments, type TuneArguments } from './tune';
import { USAGE } from './usage';

export type Arguments =
  | RunArguments
  | TrainArguments
  | TuneArguments
  | RunsArguments
  | PredictArguments
  | HistoricalFeaturesArguments
  | FeastArguments
  | ExportArguments
  | ImportArguments
  | ModelsArguments;

const VERBS: Readonly<Record<string, (args: readonly string[]) => Arguments | null>> = {
  run: parseRunArguments,
  train: parseTrainArguments,
  tune: parseTuneArguments,
  runs: parseRunsArguments,
  predict: parsePredictArguments,
  'historical-features': parseHistoricalFeaturesArguments,
  export: parseExportArguments,
  import: parseImportArguments,
  models: parseModelsArguments,
};

/** Reads a command and its flags; a text is to be printed instead (help, version). Throws USAGE sentences. */
export function parseArguments(args: readonly string[]): Arguments | string {
  const [verb, ...rest] = args;
  const known = Object.keys(VERBS);
  if (verb === undefined) throw usage(`No command is given; there are ${known.join(', ')}.`);
  if (verb === '--help' || verb === '-h' || verb === 'help') return USAGE;
  if (verb === '--version' || verb === '-v') return `${version}\n`;
  const parse = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!parse) {
    const near = nearest(verb, known);
    throw usage(
      `There is no command "${verb}"; ${near === null ? `there are ${known.join(', ')}` : `did you mean ${near}?`}${near === null ? '.' : ''}`,
    );
  }
  return parse(rest) ?? USAGE;
}
