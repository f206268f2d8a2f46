import type { Booster, TrainingMatrix } from '../training/types';
import type { Table } from '../utils/columns';
import { WorkbenchError } from '../utils/errors';
import type { TrainArguments } from './arguments/train';
import { columnNamed, columnsForModel, featuresToTrain, textFeatures, type Features } from './feature-columns';
import { labelColumn, queryBounds, weightColumn } from './row-columns';
import { about, readTableFile, type TableFile } from './table-file';

/** Rows of a file as training takes them. */
export interface LabelledFile {
  readonly name: string;
  readonly features: Features;
  readonly matrix: TrainingMatrix;
  readonly weights?: Float32Array;
  /** Columns that are neither features nor anything else. */
  readonly ignored: readonly string[];
  readonly warnings: readonly string[];
}

type Roles = Pick<TrainArguments, 'label' | 'weight' | 'group' | 'ignore' | 'categorical'>;

/** Reads the file that is learned from. The features are those of the base model where there is one. */
export async function readTrainingFile(path: string, roles: Roles, base: Booster | null): Promise<LabelledFile> {
  const file = await readTableFile('data', path, base ? textFeatures(base) : undefined);
  return about(file.name, () => {
    for (const name of roles.ignore) columnNamed(file.table, name, '--ignore');
    const left = new Set([...rowColumns(roles), ...roles.ignore]);
    const features = base
      ? featuresOfBase(file.table, roles, base, left)
      : featuresToTrain(file.table, { ...roles, left });
    return labelledFile(file, features, roles);
  });
}

/** Reads a watched file: the same features by name, coded as the training file's. */
export async function readEvalFile(path: string, roles: Roles, features: Features): Promise<LabelledFile> {
  const file = await readTableFile('eval', path, textFeatures(features));
  return about(file.name, () => {
    const { columns, others } = columnsForModel(file.table, features);
    const spoken = new Set([...rowColumns(roles), ...roles.ignore]);
    return {
      ...labelledFile(file, { ...features, columns }, roles),
      ignored: others.filter((name) => !spoken.has(name)),
    };
  });
}

function labelledFile(file: TableFile, features: Features, { label, weight, group }: Roles): LabelledFile {
  const { table, name, warnings } = file;
  return {
    name,
    features,
    matrix: {
      ...features,
      labels: labelColumn(table, label),
      ...(group === null ? {} : { queries: queryBounds(table, group) }),
    },
    ...(weight === null ? {} : { weights: weightColumn(table, weight) }),
    ignored: [],
    warnings,
  };
}

/** Columns with a part of their own. */
function rowColumns({ label, weight, group }: Roles): readonly string[] {
  return [label, ...(weight === null ? [] : [weight]), ...(group === null ? [] : [group])];
}

function featuresOfBase(table: Table, roles: Roles, base: Booster, left: ReadonlySet<string>): Features {
  const refuse = (text: string) => new WorkbenchError('USAGE', text);
  const taken = base.featureNames.find((name) => left.has(name));
  if (taken !== undefined) throw refuse(`the column "${taken}" is a feature of the base model and cannot be more.`);
  const types = base.featureTypes ?? base.featureNames.map(() => 'float' as const);
  const odd = roles.categorical.find((name) => types[base.featureNames.indexOf(name)] !== 'c');
  if (odd !== undefined) {
    throw refuse(`--categorical names "${odd}", which holds no categories in the base model; leave it out.`);
  }
  const { columns, others } = columnsForModel(table, base);
  const extra = others.filter((name) => !left.has(name));
  if (extra.length > 0) {
    throw refuse(
      `the base model was not trained on ${extra.slice(0, 20).join(', ')}; leave ${extra.length === 1 ? 'it' : 'them'} out with --ignore.`,
    );
  }
  const { featureNames, categories } = base;
  return { featureNames, featureTypes: types, ...(categories ? { categories } : {}), columns };
}
