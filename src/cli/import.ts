import type { BundleView, ImportChoices, ImportResult } from '../pipeline/exchange/types';
import { WorkbenchError } from '../utils/errors';
import type { ImportArguments } from './arguments/import';
import type { Outcome, Say } from './outcome';
import { readBytes } from './table-file';
import { WorkspaceFile } from './workspace-file';

/** The JSON of `glasshouse import --json`; docs/cli.md describes it and a test holds it to its schema. */
export interface ImportSummary extends ImportResult {
  readonly bundle: string;
  readonly workspace: string;
  readonly kind: BundleView['kind'];
}

/** Brings a bundle into the workspace of a file, which is written whole or not at all. */
export async function importIntoWorkspace(args: ImportArguments, say: Say): Promise<Outcome> {
  say(`reading ${args.bundle} …`);
  const bytes = await readBytes(args.bundle);
  const file = await WorkspaceFile.open(args.workspace, { config: args.config, mode: 'make' });
  try {
    const view = await file.workspace.inspectBundle(bytes);
    if (args.onConflict === 'refuse') refuseConflicts(view);
    const result = await file.workspace.importBundle(bytes, choicesOf(view, args.onConflict));
    say(`writing ${args.workspace} …`);
    await file.save();
    const summary: ImportSummary = { bundle: args.bundle, workspace: args.workspace, kind: view.kind, ...result };
    return { summary, text: describe(summary) };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

function choicesOf(view: BundleView, onConflict: ImportArguments['onConflict']): ImportChoices {
  const taken = view.models.filter((model) => model.conflict !== null);
  return Object.fromEntries(
    taken.map(({ name, suggested }) => [name, onConflict === 'skip' ? 'skip' : { as: suggested }]),
  );
}

function refuseConflicts({ models }: BundleView): void {
  const conflicts = models.flatMap(({ conflict }) => (conflict === null ? [] : [conflict]));
  if (conflicts.length === 0) return;
  throw new WorkbenchError('USAGE', `${conflicts.join(' ')} Give --on-conflict rename or --on-conflict skip.`);
}

function describe({ imported, skipped, workspace }: ImportSummary): string {
  const names = imported.map(({ name, as }) => (name === as ? name : `${name} as ${as}`));
  const lines = [
    names.length > 0 ? `${workspace}: imported ${names.join(', ')}.` : `${workspace}: nothing was imported.`,
  ];
  if (skipped.length > 0) lines.push(`Left out: ${skipped.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}
