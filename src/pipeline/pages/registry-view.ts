import { aliasesOf, listVersions, registryTables } from '../../registry/versions';
import { auditOf, championTimeline } from '../../registry/audit';
import type { Platform } from '../platform';
import type { RegistryView } from '../views';

export async function registryView(platform: Platform, model: string): Promise<RegistryView | null> {
  return platform.records.read(Object.keys(registryTables), async (tx) => {
    const versions = await listVersions(tx, model);
    if (versions.length === 0) return null;
    const audit = await auditOf(tx, model);
    return {
      versions,
      aliases: await aliasesOf(tx, model),
      champions: championTimeline(audit),
      audit,
      pending: versions.find((version) => version.tags['status'] === 'awaiting_approval') ?? null,
    };
  });
}
