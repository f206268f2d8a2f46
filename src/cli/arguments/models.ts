import { parseArgs } from 'node:util';
import { COMMON, needed, readFlags, usage, type FlagOptions } from './flags';
import { parseModelName, type ModelName } from './model-name';

const STEPS = ['list', 'versions', 'alias', 'promote', 'roll-back', 'audit', 'card'] as const;
export type ModelsStep = (typeof STEPS)[number];

/** What `glasshouse models` is asked. */
export interface ModelsArguments {
  readonly verb: 'models';
  readonly step: ModelsStep;
  readonly workspace: string;
  /** Null for list and audit. */
  readonly model: ModelName | null;
  /** `alias`: what is set on the version of --model, or with `remove` taken away. */
  readonly alias: string | null;
  readonly remove: boolean;
  /** `promote`: why a version that waits for approval is approved at once; `roll-back`: why. */
  readonly reason: string | null;
  /** `audit` and `card`: the file to write. */
  readonly out: string | null;
  readonly config: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

const OPTIONS = {
  workspace: { type: 'string' },
  model: { type: 'string' },
  set: { type: 'string' },
  delete: { type: 'string' },
  approve: { type: 'string' },
  reason: { type: 'string' },
  out: { type: 'string' },
  config: { type: 'string' },
  ...COMMON,
} as const satisfies FlagOptions;

type Flag = Exclude<keyof typeof OPTIONS, 'workspace' | 'config' | keyof typeof COMMON>;

/** Flags of each step; those with "!" must be there. */
const FLAGS: Readonly<Record<ModelsStep, readonly (Flag | `${Flag}!`)[]>> = {
  list: [],
  versions: ['model!'],
  alias: ['model!', 'set', 'delete'],
  promote: ['model!', 'approve'],
  'roll-back': ['model!', 'reason!'],
  audit: ['out'],
  card: ['model!', 'out!'],
};

/** The step and the flags of `glasshouse models`; null when help is asked for. Throws USAGE sentences. */
export function parseModelsArguments(args: readonly string[]): ModelsArguments | null {
  const { positionals } = parseArgs({ args: [...args], options: OPTIONS, strict: false, allowPositionals: true });
  const [word] = positionals;
  const at = word === undefined ? -1 : args.indexOf(word);
  const values = readFlags(
    args.filter((_, i) => i !== at),
    OPTIONS,
  );
  if (values.help) return null;
  const step = STEPS.find((known) => known === word);
  if (step === undefined) {
    throw usage(
      `${word === undefined ? 'What about the models?' : `There is no "${word.slice(0, 40)}".`} Give ${STEPS.join(', ')}.`,
    );
  }
  checkFlags(step, values);
  const model = values.model === undefined ? null : parseModelName('model', values.model);
  checkVersion(step, model, values.delete !== undefined);
  return {
    verb: 'models',
    step,
    workspace: needed('workspace', values.workspace, 'the bundle, as "glasshouse run --workspace" wrote it'),
    model,
    alias: values.set ?? values.delete ?? null,
    remove: values.delete !== undefined,
    reason: values.approve ?? values.reason ?? null,
    out: values.out ?? null,
    config: values.config ?? null,
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
}

function checkFlags(step: ModelsStep, values: Readonly<Partial<Record<Flag, string>>>): void {
  const taken = FLAGS[step].map((flag) => flag.replace('!', ''));
  const strange = Object.values(FLAGS)
    .flat()
    .map((flag) => flag.replace('!', ''))
    .find((flag) => Object.hasOwn(values, flag) && !taken.includes(flag));
  if (strange !== undefined) {
    throw usage(
      `--${strange} is not for models ${step}; it takes ${taken.map((flag) => `--${flag}`).join(', ') || 'none of its own'}.`,
    );
  }
  for (const flag of FLAGS[step]) {
    const name = flag.replace('!', '') as Flag;
    if (flag.endsWith('!')) needed(name, values[name], `what models ${step} needs`);
  }
  if (step === 'alias' && (values.set === undefined) === (values.delete === undefined)) {
    throw usage('Give --set ALIAS or --delete ALIAS, one of the two.');
  }
}

function checkVersion(step: ModelsStep, model: ModelName | null, remove: boolean): void {
  const isVersion = model?.version !== undefined || model?.alias !== undefined;
  if ((step === 'versions' || (step === 'alias' && remove)) && isVersion) {
    throw usage(`models ${step} is about all versions; give --model NAME.`);
  }
  if ((step === 'promote' || step === 'card' || (step === 'alias' && !remove)) && !isVersion) {
    throw usage(`models ${step} is about one version; give --model NAME/3 or NAME@ALIAS.`);
  }
}
