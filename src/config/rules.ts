import { WorkbenchError } from '../utils/errors';
import { isPlainMap } from './aliases';
import { parseLabelRule } from './label-rule';
import type { Finding, Path } from './faults';
import { checkSpace } from './space-rules';

/**
 * What the schema cannot say: order of bounds, duplicates, search spaces, label rules. Works on the raw mapping, piece
 * by piece, so that these faults show together with those of the schema.
 */
export function checkRules(root: unknown): readonly Finding[] {
  const models: unknown = isPlainMap(root) ? root['models'] : undefined;
  if (!Array.isArray(models)) return [];
  const names = models.map((model: unknown) => (isPlainMap(model) ? model['name'] : undefined));
  return [
    ...duplicates(names, (i) => ['models', i, 'name'], 'model name'),
    ...models.flatMap((model: unknown, i) => (isPlainMap(model) ? checkModel(model, ['models', i]) : [])),
  ];
}

function checkModel(model: Readonly<Record<string, unknown>>, path: Path): readonly Finding[] {
  const tuning = model['tuning'];
  return [
    ...checkFeatures(model['features'], [...path, 'features']),
    ...listDuplicates(model['sensitive'], [...path, 'sensitive'], 'sensitive column'),
    ...checkLabel(model['label'], [...path, 'label', 'positive']),
    ...checkBands(model['risk_bands'], [...path, 'risk_bands']),
    ...checkSchedules(model['schedules'], [...path, 'schedules']),
    ...checkPromotion(model['promotion'], [...path, 'promotion']),
    ...(isPlainMap(tuning) ? checkSpace(tuning['space'], [...path, 'tuning', 'space']) : []),
  ];
}

/** DeLong's interval is one of areas, and a gate without a limit would hold nothing. */
function checkPromotion(promotion: unknown, path: Path): readonly Finding[] {
  if (!isPlainMap(promotion)) return [];
  const found: Finding[] = [];
  const { metric = 'roc_auc', interval, gates } = promotion;
  if (interval === 'delong' && metric !== 'roc_auc') {
    found.push({
      path: [...path, 'interval'],
      at: 'value',
      expected: 'bootstrap',
      suggestion: null,
      message: `is delong, which is for roc_auc, and the metric is ${String(metric)}; use bootstrap`,
    });
  }
  if (!isPlainMap(gates)) return found;
  for (const [gate, limits] of Object.entries({
    fairness: ['maximum_gap', 'maximum_increase'],
    calibration: ['maximum', 'maximum_worsening'],
  })) {
    const asked = gates[gate];
    if (!isPlainMap(asked) || limits.some((limit) => asked[limit] !== undefined)) continue;
    found.push({
      path: [...path, 'gates', gate],
      at: 'value',
      expected: limits.join(' or '),
      suggestion: null,
      message: `has no limit, so it would let everything through; give ${limits.join(', ')} or both`,
    });
  }
  return found;
}

function checkFeatures(features: unknown, path: Path): readonly Finding[] {
  if (!Array.isArray(features)) return [];
  const shortNames = features.map((feature: unknown) =>
    typeof feature === 'string' ? feature.slice(feature.indexOf(':') + 1) : undefined,
  );
  const whole = listDuplicates(features, path, 'feature');
  const twice = new Set(whole.map((finding) => finding.path.at(-1)));
  return [
    ...whole,
    ...duplicates(shortNames, (i) => [...path, i], 'feature name').filter((finding) => !twice.has(finding.path.at(-1))),
  ];
}

function listDuplicates(list: unknown, path: Path, what: string): readonly Finding[] {
  return Array.isArray(list) ? duplicates(list, (i) => [...path, i], what) : [];
}

function duplicates(values: readonly unknown[], pathOf: (i: number) => Path, what: string): readonly Finding[] {
  return values.flatMap((value, i) => {
    const first = values.indexOf(value);
    if (typeof value !== 'string' || first === i) return [];
    return [
      {
        path: pathOf(i),
        at: 'value' as const,
        expected: `a ${what} of its own`,
        suggestion: null,
        message: `repeats the ${what} "${value}" of entry ${first + 1}; each must be there once`,
      },
    ];
  });
}

function checkLabel(label: unknown, path: Path): readonly Finding[] {
  const text: unknown = isPlainMap(label) ? label['positive'] : undefined;
  if (typeof text !== 'string' || text === '') return [];
  try {
    parseLabelRule(text);
    return [];
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    return [
      {
        path,
        at: 'value',
        expected: '== v, != v, > v, >= v, < v, <= v, or in [a, b]',
        suggestion: null,
        message: `does not work: ${error.message}`,
      },
    ];
  }
}

/** Defaults of the schema; a band left out keeps its own. */
const BANDS = { medium: 0.2, high: 0.5 };

function checkBands(bands: unknown, path: Path): readonly Finding[] {
  if (!isPlainMap(bands)) return [];
  const { medium = BANDS.medium, high = BANDS.high } = bands;
  if (typeof medium !== 'number' || typeof high !== 'number' || medium < high) return [];
  const key = bands['medium'] === undefined ? 'high' : 'medium';
  return [
    {
      path: [...path, key],
      at: 'value',
      expected: 'medium < high',
      suggestion: null,
      message: `does not fit: medium (${medium}) must be less than high (${high})`,
    },
  ];
}

function checkSchedules(schedules: unknown, path: Path): readonly Finding[] {
  if (!Array.isArray(schedules)) return [];
  const names = schedules.map((schedule: unknown) => (isPlainMap(schedule) ? schedule['name'] : undefined));
  return duplicates(names, (i) => [...path, i, 'name'], 'schedule name');
}
