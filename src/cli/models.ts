import type { ModelVersion } from '../registry/types';
import type { VersionView } from '../pipeline/registry/types';
import { WorkbenchError } from '../utils/errors';
import type { ModelsArguments } from './arguments/models';
import type { ModelName } from './arguments/model-name';
import type { Outcome, Say } from './outcome';
import { OutputFile } from './output-file';
import { WorkspaceFile } from './workspace-file';

/** One version in the JSON of `glasshouse models`. */
export interface VersionSummary {
  readonly version: number;
  readonly aliases: readonly string[];
  readonly status: string | null;
  readonly kind: string | null;
  readonly run_id: string;
  readonly description: string;
  readonly verdict: string | null;
  readonly reason: string | null;
  /** Every gate of its decision; passed is null where it could not be judged. */
  readonly gates: readonly { readonly gate: string; readonly what: string; readonly passed: boolean | null }[];
}

/** Looks at the models of a workspace, or changes one; a change writes the workspace whole or not at all. */
export async function models(args: ModelsArguments, say: Say): Promise<Outcome> {
  const changes = args.step === 'alias' || args.step === 'promote' || args.step === 'roll-back';
  say(`reading ${args.workspace} …`);
  const file = await WorkspaceFile.open(args.workspace, { config: args.config, mode: changes ? 'change' : 'read' });
  try {
    const outcome = await step(file, args, say);
    if (changes) {
      say(`writing ${args.workspace} …`);
      await file.save();
    }
    return outcome;
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

function step(file: WorkspaceFile, args: ModelsArguments, say: Say): Promise<Outcome> {
  const model = args.model ?? { name: '' };
  switch (args.step) {
    case 'list':
      return list(file);
    case 'versions':
      return versions(file, model.name);
    case 'alias':
      return alias(file, model, args);
    case 'promote':
      return promote(file, model, { ...args, say });
    case 'roll-back':
      return rollBack(file, model, args.reason ?? '');
    case 'audit':
      return audit(file, args.out);
    case 'card':
      return card(file, model, args.out ?? '');
  }
}

async function list({ workspace }: WorkspaceFile): Promise<Outcome> {
  const found = (await workspace.registeredModels()).map((one) => ({
    name: one.name,
    versions: one.versions,
    aliases: one.aliases,
    tags: one.tags,
    description: one.description,
  }));
  const lines = found.map(({ name, versions: count, aliases }) => `${name}: ${count} versions, ${aliasText(aliases)}`);
  return { summary: { models: found }, text: `${lines.join('\n') || 'No model is registered.'}\n` };
}

function aliasText(aliases: Readonly<Record<string, number>>): string {
  const texts = Object.keys(aliases)
    .sort()
    .map((name) => `${name} v${aliases[name] ?? 0}`);
  return texts.join(', ') || 'no alias';
}

async function versions({ workspace }: WorkspaceFile, model: string): Promise<Outcome> {
  const found = await workspace.registryView(model);
  if (!found) throw new WorkbenchError('REGISTRY_INVALID', `No version of "${model}" is registered.`);
  const list = found.versions.map((version) => summaryOf(version, aliasesAt(found.aliases, version.version)));
  const lines = list.map(
    (one) =>
      `v${one.version} ${one.status ?? 'not judged'}${one.aliases.length > 0 ? ` (${one.aliases.join(', ')})` : ''}`,
  );
  return { summary: { model, versions: list }, text: `${lines.join('\n')}\n` };
}

function aliasesAt(aliases: Readonly<Record<string, number>>, version: number): string[] {
  return Object.keys(aliases)
    .filter((name) => aliases[name] === version)
    .sort();
}

function summaryOf(version: ModelVersion, aliases: readonly string[]): VersionSummary {
  const { decision, tags } = version;
  return {
    version: version.version,
    aliases,
    status: tags['status'] ?? null,
    kind: tags['kind'] ?? null,
    run_id: version.run_id,
    description: version.description,
    verdict: decision?.verdict ?? null,
    reason: decision?.reason ?? null,
    gates: (decision?.gates ?? []).map(({ gate, what, passed }) => ({ gate, what, passed })),
  };
}

/** The version that NAME/3 or NAME@ALIAS means. */
async function numberOf({ workspace }: WorkspaceFile, { name, version, alias: at }: ModelName): Promise<number> {
  return version ?? (await workspace.versionByAlias(name, at ?? 'champion')).version;
}

async function viewOf(file: WorkspaceFile, name: string, version: number): Promise<VersionSummary> {
  const view: VersionView = await file.workspace.versionView(name, version);
  return summaryOf(view.version, view.aliases);
}

async function alias(
  file: WorkspaceFile,
  model: ModelName,
  { alias: name, remove }: Pick<ModelsArguments, 'alias' | 'remove'>,
): Promise<Outcome> {
  if (remove) await file.workspace.deleteAlias(model.name, name ?? '');
  else await file.workspace.setAlias(model.name, name ?? '', await numberOf(file, model));
  const found = (await file.workspace.registeredModels()).find((one) => one.name === model.name);
  const aliases = found?.aliases ?? {};
  return { summary: { model: model.name, aliases }, text: `${model.name}: ${aliasText(aliases)}\n` };
}

async function promote(
  file: WorkspaceFile,
  model: ModelName,
  { reason, say }: { readonly reason: string | null; readonly say: Say },
): Promise<Outcome> {
  const version = await numberOf(file, model);
  await file.workspace.challenge(model.name, version, ({ label }) => say(label));
  const judged = await viewOf(file, model.name, version);
  const approves = judged.verdict === 'awaiting_approval' && reason !== null;
  if (approves) await file.workspace.approve(model.name, version, reason);
  const after = await viewOf(file, model.name, version);
  const text = `${model.name} v${version}: ${after.status ?? 'not judged'}. ${after.reason ?? ''}\n`;
  const failed = after.verdict !== 'promoted' && after.verdict !== 'awaiting_approval';
  return { summary: { model: model.name, ...after }, text, failed };
}

async function rollBack(file: WorkspaceFile, { name, ...model }: ModelName, reason: string): Promise<Outcome> {
  const isVersion = model.version !== undefined || model.alias !== undefined;
  const to = isVersion ? await numberOf(file, { name, ...model }) : undefined;
  const { version } = await file.workspace.rollBack(name, reason, to);
  const summary = { model: name, ...(await viewOf(file, name, version)) };
  return { summary, text: `${name} v${version} is champion again.\n` };
}

async function audit({ workspace }: WorkspaceFile, out: string | null): Promise<Outcome> {
  const verdict = await workspace.verifyAudit();
  if (out !== null) await writeText(out, ['.jsonl'], (await workspace.auditFile()).content);
  const { fault, entries, head } = verdict;
  const text = fault
    ? `The chain breaks at entry ${fault.line}: ${fault.reason}\n`
    : `The chain of ${entries} entries holds; the last hash is ${head}.\n`;
  return { summary: { entries, head, fault, out }, text, failed: fault !== null };
}

async function card(file: WorkspaceFile, model: ModelName, out: string): Promise<Outcome> {
  const format = out.toLowerCase().endsWith('.md') ? 'markdown' : 'html';
  const version = await numberOf(file, model);
  const { content } = await file.workspace.modelCard(model.name, version, format);
  await writeText(out, ['.html', '.md'], content);
  return { summary: { model: model.name, version, format, out }, text: `${out}\n` };
}

async function writeText(path: string, endings: readonly string[], content: string): Promise<void> {
  const output = await OutputFile.open(path, endings, []);
  try {
    await output.write(content);
  } catch (error) {
    await output.abandon();
    throw error;
  }
}
