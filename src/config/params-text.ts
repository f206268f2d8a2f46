import { parseDocument } from 'yaml';
import { WorkbenchError } from '../utils/errors';
import { isPlainMap } from './aliases';

const LONGEST = 1_000_000;

/** Flags or columns of the command, which XGBoost takes as arguments and not as parameters either. */
const NO_PARAMETERS: Readonly<Record<string, string>> = {
  num_boost_round: '--num-boost-round',
  n_estimators: '--num-boost-round',
  early_stopping_rounds: '--early-stopping-rounds',
};

export interface ParamsText {
  /** All but eval_metric. */
  readonly params: Readonly<Record<string, unknown>>;
  /** eval_metric, one name or a list; undefined when not given. */
  readonly evalMetrics: readonly string[] | undefined;
}

/**
 * XGBoost's parameters as JSON or YAML (1.2) text: one object of names and values, which are judged elsewhere. Throws
 * USAGE; `source` begins its sentences.
 */
export function readParamsText(text: string, source: string): ParamsText {
  const refuse = (what: string) => new WorkbenchError('USAGE', `${source} ${what}`);
  if (text.length > LONGEST) throw refuse(`has ${text.length} characters; at most ${LONGEST} are read.`);
  const document = parseDocument(text, { prettyErrors: true, stringKeys: true });
  const [fault] = document.errors;
  if (fault) throw refuse(`is neither JSON nor YAML: ${(fault.message.split('\n')[0] ?? '').replace(/:$/, '')}.`);
  const root: unknown = document.toJS({ maxAliasCount: 10 });
  if (!isPlainMap(root)) throw refuse('must hold one object of parameters, for example {"eta": 0.1, "max_depth": 4}.');
  for (const [name, flag] of Object.entries(NO_PARAMETERS)) {
    if (Object.hasOwn(root, name)) throw refuse(`sets ${name}, which is no parameter of trees; give ${flag} instead.`);
  }
  const { eval_metric: metric, ...params } = root;
  return { params, evalMetrics: metric === undefined ? undefined : metricNames(metric, refuse) };
}

function metricNames(value: unknown, refuse: (what: string) => WorkbenchError): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = names.filter((name) => typeof name === 'string');
  if (texts.length === 0 || texts.length < names.length)
    throw refuse('sets eval_metric to what is no name and no list of names, for example "auc" or ["auc", "logloss"].');
  return texts;
}
