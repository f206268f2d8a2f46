import { logisticParamsSchema, mlpParamsSchema, type ChallengerConfig } from '../../config/challenger-schema';
import { WorkbenchError } from '../../utils/errors';
import type { NetworkParams } from './types';

/** Parameters of a challenger of config.yaml. */
export function networkParams(challenger: Pick<ChallengerConfig, 'type' | 'params'>, seed: number): NetworkParams {
  return parseNetworkParams(challenger.type, { ...challenger.params, seed });
}

/**
 * Parameters with defaults filled in. Throws TRAINING_INVALID naming every parameter that is unknown or out of range.
 *
 * @example parseNetworkParams('mlp', { hidden_units: [16] }).batch_size // 256
 */
export function parseNetworkParams(
  kind: NetworkParams['kind'],
  input: Readonly<Record<string, unknown>>,
): NetworkParams {
  const { seed = 0, ...rest } = input;
  const schema = kind === 'logistic' ? logisticParamsSchema : mlpParamsSchema;
  const parsed = schema.safeParse(rest);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => faultText(issue.path, issue.message));
  const seedFits = typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0;
  if (!seedFits) faults.push('seed must be a whole number at least 0');
  if (faults.length > 0) {
    throw new WorkbenchError('TRAINING_INVALID', `Parameters of ${kind}: ${faults.join('; ')}.`, { kind, faults });
  }
  return { kind, seed, ...parsed.data } as NetworkParams;
}

function faultText(path: readonly PropertyKey[], message: string): string {
  const name = path.map(String).join('.');
  return name === '' ? message : `${name}: ${message}`;
}
