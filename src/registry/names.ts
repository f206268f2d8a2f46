import { WorkbenchError } from '../utils/errors';
import { checkKey } from '../tracking/keys';

/** MLflow's limits, in code points (opendatahub-io/mlflow:mlflow/utils/validation.py). */
export const REGISTRY_LIMITS = { name: 256, alias: 255, tagValue: 100_000, description: 100_000 } as const;

/**
 * MLflow's rules of an alias: word characters of any script and hyphens, at most 255; "latest" in any case and names
 * like "v12" are reserved. Unlike Python's pattern this one refuses a trailing line break.
 */
export function checkAlias(alias: string): void {
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias) || lengthOf(alias) > REGISTRY_LIMITS.alias) {
    refuse(
      `The alias "${shorten(alias)}" must be 1 to ${REGISTRY_LIMITS.alias} letters, digits, "_" or "-". Choose another name.`,
    );
  }
  if (isLatest(alias) || /^v\d+$/i.test(alias)) {
    refuse(
      `The alias "${alias}" is reserved: "latest" and names like "v3" mean version numbers. Choose another name, such as "${alias}_approved".`,
    );
  }
}

/** Whether an alias means the highest version, as MLflow 3.3 and newer read it. */
export function isLatest(alias: string): boolean {
  return alias.toLowerCase() === 'latest';
}

/** A registered model's name: what MLflow's stores and model URIs take, and no markup. */
export function checkModelName(name: string): void {
  const where = `The model name "${shorten(name)}"`;
  if (name.trim() === '') refuse('A registered model needs a name.');
  if (name !== name.trim()) refuse(`${where} begins or ends with a space. Write it without.`);
  if (/[/\\:%<>"'\p{Cc}]/u.test(name)) {
    refuse(`${where} holds one of / \\ : % < > " ' or a control character, which model URIs and files cannot take.`);
  }
  if (name === '.' || name === '..') refuse(`${where} would name a folder. Choose another.`);
  if (lengthOf(name) > REGISTRY_LIMITS.name) {
    refuse(`${where} is ${lengthOf(name)} characters long, and ${REGISTRY_LIMITS.name} is the most.`);
  }
}

/** MLflow's rules of a registry tag. Values that are too long are refused here, not cut. */
export function checkTag(key: string, value: string): void {
  checkKey('tag', key);
  checkText(`The value of tag ${key}`, value, REGISTRY_LIMITS.tagValue);
}

export function checkDescription(text: string): void {
  checkText('The description', text, REGISTRY_LIMITS.description);
}

function checkText(what: string, text: string, limit: number): void {
  if (text.length > limit && lengthOf(text) > limit) {
    refuse(`${what} is ${lengthOf(text)} characters long, and ${limit} is the most. Shorten it.`);
  }
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function refuse(message: string): never {
  throw new WorkbenchError('REGISTRY_INVALID', message);
}
