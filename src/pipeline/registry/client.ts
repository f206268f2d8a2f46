import type { AuditRelation } from '../../registry/audit-file';
import type { ModelVersion } from '../../registry/types';
import type { Signal } from '../../utils/control';
import type { OnStageProgress } from '../views';
import type { AuditVerdict, RegisteredModelSummary, TextFile, VersionComparison, VersionView } from './types';

/** The model registry's calls of a workspace, by MLflow's rules. Every change stands in the audit log. */
export interface RegistryClient {
  /** All registered models, by name. */
  registeredModels(): Promise<readonly RegisteredModelSummary[]>;
  versionView(model: string, version: number): Promise<VersionView>;
  /** The version an alias points at; "latest" is the highest. */
  versionByAlias(model: string, alias: string): Promise<ModelVersion>;

  /** Registers a finished run under the next number, without judging it. */
  registerVersion(model: string, runId: string, description?: string): Promise<ModelVersion>;
  /** Deletes a version and its aliases; its number is never given again. The champion is refused. */
  deleteVersion(model: string, version: number, reason: string): Promise<void>;
  /** Copies a version to another registered model, which is made where it is not there. */
  copyVersion(model: string, version: number, to: string): Promise<ModelVersion>;

  /** Points an alias at a version. champion and challenger move by promotion and are refused. */
  setAlias(model: string, alias: string, version: number): Promise<void>;
  deleteAlias(model: string, alias: string): Promise<void>;
  /** On a version, or with null on the registered model. */
  setTag(model: string, version: number | null, key: string, value: string): Promise<void>;
  deleteTag(model: string, version: number | null, key: string): Promise<void>;
  describe(model: string, version: number | null, text: string): Promise<void>;

  /** Judges a version against the champion, by every gate of config.yaml, and carries out what follows. */
  challenge(model: string, version: number, onProgress?: OnStageProgress, signal?: Signal): Promise<ModelVersion>;
  /** Makes a former champion, the last one when no version is named, champion again. */
  rollBack(model: string, reason: string, version?: number): Promise<ModelVersion>;
  /** Two versions side by side, `left` as challenger of `right`; nothing is decided. */
  compareVersions(
    model: string,
    pair: { readonly left: number; readonly right: number },
    onProgress?: OnStageProgress,
    signal?: Signal,
  ): Promise<VersionComparison>;

  /** Checks the whole log's chain of hashes. */
  verifyAudit(): Promise<AuditVerdict>;
  /** The whole log as JSON Lines. */
  auditFile(): Promise<TextFile>;
  /** Checks a log that was taken away, and how it stands to the workspace's own. */
  verifyAuditFile(text: string): Promise<AuditVerdict & { readonly relation: AuditRelation | null }>;

  modelCard(model: string, version: number, format: 'html' | 'markdown'): Promise<TextFile>;
}
