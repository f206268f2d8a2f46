import { htmlCard } from '../../interop/model-card/html';
import { markdownCard } from '../../interop/model-card/markdown';
import { NOT_STATED, type CardFact, type CardMetric, type ModelCard } from '../../interop/model-card/types';
import { auditOf, championTimeline } from '../../registry/audit';
import { registryTables, requireModel } from '../../registry/versions';
import type { ModelVersion, RegisteredModel } from '../../registry/types';
import type { Records } from '../../utils/records';
import type { ModelSpec } from '../model-spec';
import { isoDay } from '../stages/registry-stage';
import { cardLimits } from './card-limits';
import { versionView } from './read';
import type { TextFile, VersionView } from './types';

const METRIC_TITLES: Readonly<Record<string, string>> = {
  roc_auc: 'ROC-AUC',
  pr_auc: 'PR-AUC',
  log_loss: 'Log loss',
  brier: 'Brier score',
  precision: 'Precision',
  recall: 'Recall',
  selection_rate: 'Share predicted positive',
  tpr: 'Recall',
  fpr: 'False-positive rate',
};

const ARCHITECTURES: Readonly<Record<string, string>> = {
  xgboost: 'Gradient-boosted trees (XGBoost format)',
  logistic: 'Logistic regression (TensorFlow.js)',
  mlp: 'Multilayer perceptron (TensorFlow.js)',
};

/** A version's model card, from what is recorded. `spec` is null for a registered model that only holds copies. */
export async function modelCard(
  records: Records,
  spec: ModelSpec | null,
  call: { readonly model: string; readonly version: number; readonly format: 'html' | 'markdown' },
): Promise<TextFile> {
  const { model, version, format } = call;
  const view = await versionView(records, model, version);
  const [registered, reigns] = await records.read(Object.keys(registryTables), async (tx) => [
    await requireModel(tx, model),
    championTimeline(await auditOf(tx, model)).filter((reign) => reign.version === version),
  ]);
  const card = cardOf(view, registered, spec);
  const served = reigns.map((reign): CardFact => ({
    name: `Champion from ${isoTime(reign.from)}`,
    value: `${reign.to === null ? 'until now' : `to ${isoTime(reign.to)}`}, by ${reign.actor}: ${reign.reason}`,
  }));
  const whole: ModelCard = { ...card, lineage: [...card.lineage, ...served] };
  const name = `${model}-v${version}-model-card`;
  return format === 'html'
    ? { name: `${name}.html`, content: htmlCard(whole) }
    : { name: `${name}.md`, content: markdownCard(whole) };
}

function cardOf(view: VersionView, registered: RegisteredModel, spec: ModelSpec | null): ModelCard {
  const { version, evaluation } = view;
  const stated = (field: string) => statedIn(version, registered, field);
  return {
    model_details: {
      name: version.name,
      overview:
        [spec?.config.title, registered.description || spec?.config.description].filter(Boolean).join('. ') ||
        NOT_STATED,
      documentation: stated('documentation'),
      owners: stated('owners'),
      version: {
        name: `v${version.version}`,
        date: isoTime(version.creation_timestamp).slice(0, 10),
        diff: version.description || NOT_STATED,
      },
      license: stated('license'),
      references: stated('references'),
      citation: stated('citation'),
      path: `models:/${version.name}/${version.version}`,
    },
    model_parameters: parametersOf(view, spec),
    quantitative_analysis: {
      description: evaluation
        ? `On the run's hold-out: ${evaluation.n} rows, ${evaluation.positives} positive, none of which it was trained on. Precision, recall and the groups' rates count a row positive from ${evaluation.threshold} on.`
        : 'The run has lost its evaluation.',
      threshold: evaluation?.threshold ?? null,
      performance_metrics: metricsOf(view),
      roc: evaluation?.roc ?? [],
      calibration: evaluation?.calibration ?? [],
      gates: version.decision?.gates ?? [],
      decision: version.decision
        ? `${version.decision.reason} Judged on ${version.decision.judged_on} (n = ${version.decision.n}).`
        : 'This version was not judged against a champion.',
    },
    considerations: {
      users: stated('users'),
      use_cases: stated('use_cases'),
      out_of_scope: stated('out_of_scope'),
      limitations: [
        ...cardLimits(view, spec),
        ...(stated('limitations') === NOT_STATED ? [] : [stated('limitations')]),
      ],
      tradeoffs: stated('tradeoffs'),
      ethical_considerations: stated('ethical_considerations'),
    },
    lineage: lineageOf(view),
  };
}

/** What people said in the tag "card.<field>" of the version, else of the registered model. */
function statedIn(version: ModelVersion, registered: RegisteredModel, field: string): string {
  const key = `card.${field}`;
  return version.tags[key] ?? registered.tags[key] ?? NOT_STATED;
}

function parametersOf({ version, run, evaluation, features }: VersionView, spec: ModelSpec | null) {
  const kind = version.tags['kind'] ?? 'xgboost';
  const data = run
    ? [
        {
          name: run.dataset.name,
          split: 'train and holdout',
          rows: run.dataset.rows,
          revision: run.dataset.digest,
          description: run.params['split.description'] ?? '',
          sensitive: spec?.config.sensitive ?? [],
        },
        {
          name: run.dataset.name,
          split: 'holdout',
          rows: evaluation?.n ?? 0,
          revision: run.dataset.digest,
          description: 'held out of tuning and training; every number of the evaluation is of these rows',
          sensitive: spec?.config.sensitive ?? [],
        },
      ]
    : [];
  const inputs = version.signature?.inputs ?? [];
  return {
    model_architecture: ARCHITECTURES[kind] ?? kind,
    kind,
    parameters: Object.entries(run?.params ?? {})
      .filter(([name]) => name !== 'split.description')
      .map(([name, value]) => ({ name, value })),
    data,
    input_format: `${inputs.length || features.length} numbers a row, in this order; any may be missing.`,
    inputs,
    output_format: 'one probability a row, 0 to 1, that the outcome is positive.',
  };
}

function metricsOf({ evaluation, groups }: VersionView): CardMetric[] {
  const whole = Object.entries(evaluation?.metrics ?? {}).map(([type, estimate]): CardMetric => ({
    type,
    title: titleOf(type),
    slice: '',
    ...estimate,
  }));
  const slices = groups.flatMap(({ sensitive, groups: parts }) =>
    parts.flatMap((part) =>
      Object.entries(part.metrics).map(([type, estimate]): CardMetric => {
        const base = { type, title: titleOf(type), slice: `${sensitive} = ${part.group}`, n: estimate.n };
        return estimate.value === null
          ? { ...base, value: null, low: null, high: null, method: `withheld: ${estimate.reason}` }
          : { ...base, ...estimate };
      }),
    ),
  );
  return [...whole, ...slices];
}

function titleOf(metric: string): string {
  return METRIC_TITLES[metric] ?? metric;
}

function lineageOf({ version, run, features, bytes, copies }: VersionView): CardFact[] {
  const fact = (name: string, value: string | null | undefined): CardFact[] => (value ? [{ name, value }] : []);
  const views = [...new Set(features.map((reference) => reference.slice(0, reference.indexOf(':'))))];
  return [
    ...fact('Source', version.source),
    ...fact('Run', run ? `${run.run_name} (${run.run_id})` : 'deleted'),
    ...fact('Trained', run && `${isoTime(run.start_time)} to ${isoTime(run.end_time)}, seed ${run.seed}`),
    ...fact('Trained by', run?.tags['glasshouse.backend']),
    ...fact('Config', run && `SHA-256 ${run.config_digest}`),
    ...fact('Data set', run && `${run.dataset.name}, ${run.dataset.rows} rows, SHA-256 ${run.dataset.digest}`),
    ...fact('Feature views', views.join(', ')),
    ...fact('Feature definitions', run && `version ${run.tags['glasshouse.definitions_version'] ?? '0'}`),
    ...fact('Simulated clock', run && clockText(run.tags['glasshouse.clock'])),
    ...fact(
      'Model file',
      bytes === null
        ? null
        : `model.json, ${bytes} bytes, SHA-256 ${run?.tags['glasshouse.model_sha256'] ?? 'unknown'}`,
    ),
    ...fact('Copies', copies.map(({ name, version: number }) => `${name} v${number}`).join(', ')),
  ];
}

function clockText(micros: string | undefined): string | null {
  const value = Number(micros ?? NaN);
  return Number.isFinite(value) && value > 0 ? isoDay(value) : null;
}

/** Milliseconds as "2026-03-02 14:05 UTC". */
function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
