import type { GateResult, GateRules, Signature, SignatureColumn } from './types';

/** How the inputs of two versions differ, by name; order does not count. */
export interface SignatureDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** "age: int64 is now float64". */
  readonly changed: readonly string[];
}

export function compareSignatures(challenger: Signature, champion: Signature): SignatureDifference {
  const [ours, theirs] = [byName(challenger.inputs), byName(champion.inputs)];
  return {
    added: [...ours.keys()].filter((name) => !theirs.has(name)),
    removed: [...theirs.keys()].filter((name) => !ours.has(name)),
    changed: [...ours].flatMap(([name, type]) => {
      const before = theirs.get(name);
      return before === undefined || before === type ? [] : [`${name}: ${before} is now ${type}`];
    }),
  };
}

function byName(inputs: readonly SignatureColumn[]): ReadonlyMap<string, string> {
  return new Map(inputs.map(({ name, type, dtype }) => [name, dtype ?? type]));
}

/**
 * Whether callers of the champion can call the challenger: `equal`, the same features and types; `superset`, all of them
 * and perhaps more; `subset`, nothing that the champion does not take.
 */
export function signatureGate(
  asked: NonNullable<GateRules['schema']>,
  { challenger, champion }: { readonly challenger: Signature; readonly champion: Signature | null },
): GateResult {
  const difference = champion ? compareSignatures(challenger, champion) : null;
  const breaks = difference
    ? [
        ...(asked === 'superset' ? [] : difference.added.map((name) => `${name} is new`)),
        ...(asked === 'subset' ? [] : difference.removed.map((name) => `${name} is gone`)),
        ...difference.changed,
      ]
    : [];
  return {
    gate: 'schema',
    what: `inputs that break the rule “${asked}”`,
    passed: difference ? breaks.length === 0 : null,
    challenger: challenger.inputs.length,
    champion: champion?.inputs.length ?? null,
    measured: difference ? breaks.length : null,
    limit: 0,
    bound: 'at most',
    unit: 'count',
    n: null,
    note: difference ? breaks.join('; ') : 'There is no champion to compare with.',
  };
}
