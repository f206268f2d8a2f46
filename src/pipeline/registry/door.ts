import type { Signal } from '../../utils/control';
import { allSpecs } from '../specs';
import type { StageContext } from '../stages/context';
import { ExchangeDoor } from '../exchange/door';
import type { OnStageProgress } from '../views';
import type { RegistryClient } from './client';

/** The registry's calls of a workspace; what each does is loaded when it is first made. */
export abstract class RegistryDoor extends ExchangeDoor implements RegistryClient {
  protected abstract stageContext(model: string, onProgress?: OnStageProgress, signal?: Signal): Promise<StageContext>;

  async registeredModels() {
    const { registeredModels } = await import('./read');
    return registeredModels(this.platform.records);
  }

  async versionView(model: string, version: number) {
    const { versionView } = await import('./read');
    return versionView(this.platform.records, model, version);
  }

  async versionByAlias(model: string, alias: string) {
    const { readByAlias } = await import('./read');
    return readByAlias(this.platform.records, model, alias);
  }

  registerVersion(model: string, runId: string, description = '') {
    return this.afterOthers(async () => {
      const { registerVersion } = await import('./change');
      return registerVersion(await this.stageContext(model), runId, description);
    });
  }

  deleteVersion(model: string, version: number, reason: string) {
    return this.afterOthers(async () => {
      const { removeVersion } = await import('./change');
      return removeVersion(this.platform, { model, version, reason });
    });
  }

  copyVersion(model: string, version: number, to: string) {
    return this.afterOthers(async () => {
      const { copyTo } = await import('./change');
      return copyTo(this.platform, { model, version, to });
    });
  }

  setAlias(model: string, alias: string, version: number) {
    return this.afterOthers(async () => {
      const { moveAlias } = await import('./change');
      return moveAlias(this.platform, { model, alias, version });
    });
  }

  deleteAlias(model: string, alias: string) {
    return this.afterOthers(async () => {
      const { moveAlias } = await import('./change');
      return moveAlias(this.platform, { model, alias, version: null });
    });
  }

  setTag(model: string, version: number | null, key: string, value: string) {
    return this.afterOthers(async () => {
      const { changeTag } = await import('./change');
      return changeTag(this.platform, { model, version, key, value });
    });
  }

  deleteTag(model: string, version: number | null, key: string) {
    return this.afterOthers(async () => {
      const { changeTag } = await import('./change');
      return changeTag(this.platform, { model, version, key, value: null });
    });
  }

  describe(model: string, version: number | null, text: string) {
    return this.afterOthers(async () => {
      const { changeDescription } = await import('./change');
      return changeDescription(this.platform, { model, version, text });
    });
  }

  challenge(model: string, version: number, onProgress?: OnStageProgress, signal?: Signal) {
    return this.alone(async () => {
      const { challenge } = await import('./promote');
      return challenge(await this.stageContext(model, onProgress, signal), version);
    });
  }

  rollBack(model: string, reason: string, version?: number) {
    return this.afterOthers(async () => {
      const { rollBackChampion } = await import('./promote');
      return rollBackChampion(await this.stageContext(model), reason, version);
    });
  }

  async compareVersions(
    model: string,
    pair: { readonly left: number; readonly right: number },
    onProgress?: OnStageProgress,
    signal?: Signal,
  ) {
    const { compareVersions } = await import('./compare');
    return compareVersions(await this.stageContext(model, onProgress, signal), pair);
  }

  async verifyAudit() {
    const { verifyAudit } = await import('./audit');
    return verifyAudit(this.platform.records);
  }

  async auditFile() {
    const { auditFile } = await import('./audit');
    return auditFile(this.platform.records);
  }

  async verifyAuditFile(text: string) {
    const { verifyAuditFile } = await import('./audit');
    return verifyAuditFile(this.platform.records, text);
  }

  async modelCard(model: string, version: number, format: 'html' | 'markdown') {
    const { modelCard } = await import('./model-card');
    const specs = await allSpecs(this.platform, this.requireConfig());
    const spec = specs.find(({ config }) => config.name === model) ?? null;
    return modelCard(this.platform.records, spec, { model, version, format });
  }
}
