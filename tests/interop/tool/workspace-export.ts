import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { encodeTable } from '../../../src/cli/node-platform';
import { countedWorkspace } from '../../pipeline/platform';

const MODEL = 'heart_disease';

/**
 * Writes what a workspace exports to Feast, after its definitions were changed and applied, to feast/, and the training
 * table it built (entity keys, times, features) to dataset.parquet.
 */
export async function exportWorkspace(folder: string): Promise<void> {
  const { workspace, platform } = countedWorkspace();
  await workspace.run(MODEL, { seed: 7, rows: 2000, stages: ['data'] });
  const { yaml, version } = await workspace.featureRegistry(MODEL);
  const changed = yaml
    .replace('expression: resting_bp', 'expression: resting_bp / 10')
    .replace(/^( *)- labs:thal$/m, '$1- labs:thal\n$1- vitals:visits_90d')
    .replace(
      /^( *)- name: chest_pain_type$/m,
      '$1- name: visits_90d\n$1  dtype: Int64\n$1  expression: resting_bp\n$1  aggregate: { function: count, window: 90d }\n$1- name: chest_pain_type',
    );
  await workspace.applyFeatures(MODEL, { yaml: changed }, version, 'in kPa, and how often someone came');
  await workspace.run(MODEL, { seed: 7, rows: 2000, stages: ['features'] });
  const { bytes } = await workspace.exportFeast(MODEL, { offline: 'duckdb' });
  mkdirSync(join(folder, 'feast'), { recursive: true });
  for (const [name, content] of Object.entries(unzipSync(bytes))) writeFileSync(join(folder, 'feast', name), content);
  const path = (await workspace.featuresView(MODEL))?.dataset.path ?? '';
  const dataset = await platform.files.read(path);
  if (!dataset) throw new Error(`${path} is missing`);
  writeFileSync(join(folder, 'dataset.parquet'), encodeTable('.parquet', await platform.arrow.decode(dataset)));
}
