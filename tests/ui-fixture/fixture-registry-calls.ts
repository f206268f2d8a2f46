import type { RegistryClient } from '../../src/pipeline/registry/client';
import type { VersionView } from '../../src/pipeline/registry/types';
import { FixtureStore } from './fixture-store';
import { registryView, signature } from './fixture-registry';
import { trainingView } from './fixture-training';

function none(): Promise<never> {
  return Promise.reject(new Error('The fixture has no such data.'));
}

function versionView(number: number): VersionView {
  const version = registryView(true).versions.find((one) => one.version === number);
  if (!version) throw new Error(`heart_disease has no version ${number}.`);
  const { run, evaluation, groups } = trainingView();
  const features = signature().inputs.flatMap(({ feature }) => (feature === undefined ? [] : [feature]));
  return { version, aliases: [], run, evaluation, groups, features, bytes: 84_213, copies: [] };
}

/** The registry's answers, made up. */
export class FixtureRegistry extends FixtureStore implements RegistryClient {
  registeredModels() {
    return Promise.resolve([]);
  }
  versionView(_model: string, version: number) {
    return Promise.resolve(versionView(version));
  }
  versionByAlias = none;
  registerVersion = none;
  deleteVersion = none;
  copyVersion = none;
  setAlias(_model: string, alias: string): Promise<void> {
    return Promise.reject(
      new Error(
        `The alias "${alias}" is reserved: "latest" and names like "v3" mean version numbers. Choose another name, such as "${alias}_approved".`,
      ),
    );
  }
  deleteAlias = none;
  setTag = none;
  deleteTag = none;
  describe = none;
  challenge = none;
  rollBack = none;
  compareVersions(_model: string, { left, right }: { readonly left: number; readonly right: number }) {
    const [ours, theirs] = [versionView(left), versionView(right)];
    return Promise.resolve({
      left: ours,
      right: theirs,
      params: [
        { key: 'eta', left: '0.0713', right: '0.1204' },
        { key: 'max_depth', left: '4', right: '6' },
      ],
      inputs: { added: ['exercise_angina'], removed: [], changed: [] },
      sameData: false,
      paired: ours.version.decision,
      unpaired: ours.version.decision ? '' : 'There are no rows neither was trained on.',
    });
  }
  verifyAudit() {
    return Promise.resolve({
      entries: 12,
      head: 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3a94a8fe5ccb19ba61c4c0873',
      fault: null,
    });
  }
  auditFile() {
    return Promise.resolve({ name: 'audit-log.jsonl', content: '' });
  }
  verifyAuditFile() {
    return Promise.resolve({
      entries: 12,
      head: 'a94a8fe5',
      fault: { line: 5, sequence: 5, reason: 'The content of entry 5 does not fit its hash: it was changed.' },
      relation: null,
    });
  }
  modelCard() {
    return Promise.resolve({ name: 'card.html', content: '' });
  }
}
