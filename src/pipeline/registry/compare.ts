import { WorkbenchError } from '../../utils/errors';
import { compareSignatures } from '../../registry/signature';
import type { Decision, Signature } from '../../registry/types';
import { signatureOf } from '../stages/model-signature';
import type { StageContext } from '../stages/context';
import { compareRuns, loadModel } from '../stages/registry-stage';
import { versionView } from './read';
import type { VersionComparison, VersionView } from './types';

/** Two versions side by side, and where the data set is at hand both on rows that neither was trained on. */
export async function compareVersions(
  context: StageContext,
  { left, right }: { readonly left: number; readonly right: number },
): Promise<VersionComparison> {
  const { platform, spec } = context;
  const model = spec.config.name;
  if (left === right) throw new WorkbenchError('USAGE', `v${left} is the same version. Choose two.`);
  const [ours, theirs] = [
    await versionView(platform.records, model, left),
    await versionView(platform.records, model, right),
  ];
  const signature = (view: VersionView): Signature => view.version.signature ?? signatureOf(spec, view.features);
  return {
    left: ours,
    right: theirs,
    params: differingParams(ours, theirs),
    inputs: compareSignatures(signature(ours), signature(theirs)),
    sameData:
      ours.run !== null &&
      ours.run.dataset.digest === theirs.run?.dataset.digest &&
      ours.run.params['split.description'] === theirs.run.params['split.description'],
    ...(await paired(context, ours, theirs)),
  };
}

function differingParams({ run: ours }: VersionView, { run: theirs }: VersionView): VersionComparison['params'] {
  const keys = new Set([...Object.keys(ours?.params ?? {}), ...Object.keys(theirs?.params ?? {})]);
  return [...keys].sort().flatMap((key) => {
    const [left, right] = [ours?.params[key] ?? null, theirs?.params[key] ?? null];
    return left === right ? [] : [{ key, left, right }];
  });
}

/** A fault of the data is no fault of the comparison: it is said in its place. */
async function paired(
  context: StageContext,
  ours: VersionView,
  theirs: VersionView,
): Promise<{ readonly paired: Decision | null; readonly unpaired: string }> {
  const { platform, spec } = context;
  try {
    const challenger = await loadModel(platform.records, spec, ours.version.run_id);
    const rival = await loadModel(platform.records, spec, theirs.version.run_id);
    const { decision } = await compareRuns(context, challenger, { ...rival, version: theirs.version });
    return { paired: decision, unpaired: '' };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return { paired: null, unpaired: error.message };
  }
}
