import { expectedCalibrationError } from '../../training/metrics/calibration';
import type { ModelSpec } from '../model-spec';
import type { VersionView } from './types';

/** Fewer positives or negatives than this and a number is read with care. */
const FEW = 100;

/** Limits that can be read off what was recorded. */
export function cardLimits({ version, run, evaluation, groups }: VersionView, spec: ModelSpec | null): string[] {
  const limits: string[] = [];
  if (!run) limits.push('Its training run was deleted: parameters, data and evaluation are not known any more.');
  if (evaluation) {
    const { n, positives } = evaluation;
    const fewer = Math.min(positives, n - positives);
    if (fewer < FEW) {
      limits.push(`The hold-out has only ${fewer} rows of the rarer outcome, so its numbers are uncertain.`);
    }
    const error = expectedCalibrationError(evaluation.calibration);
    limits.push(
      `Probabilities are off by ${error.toFixed(4)} on average over ten bins (expected calibration error, n = ${n}).`,
    );
  }
  for (const { warnings, groups: parts, sensitive } of groups) {
    limits.push(...warnings);
    for (const { group, flag } of parts) if (flag) limits.push(`${sensitive} = ${group}: ${flag}.`);
  }
  if (groups.length === 0) limits.push('No groups were compared: config.yaml names no sensitive column.');
  const { decision } = version;
  if (decision?.rule === 'first') limits.push('It became champion as the first version, without a comparison.');
  for (const gate of decision?.gates ?? []) {
    if (gate.passed === false) limits.push(`It does not pass the gate “${gate.what}”.`);
  }
  if (spec && spec.file === null)
    limits.push('It was trained on simulated records, which no real decision may rest on.');
  return limits;
}
