import { listVersions, registryTables } from '../../registry/versions';
import { auditOf, championTimeline } from '../../registry/audit';
import { formerChampions } from '../../registry/promotion';
import type { RegisteredModel } from '../../registry/types';
import type { Platform } from '../platform';
import type { RegistryView } from '../views';

export async function registryView(platform: Platform, model: string): Promise<RegistryView | null> {
  return platform.records.read(Object.keys(registryTables), async (tx) => {
    const registered = await tx.get<RegisteredModel>('registered_models', model);
    const versions = await listVersions(tx, model);
    if (!registered || versions.length === 0) return null;
    const audit = await auditOf(tx, model);
    const { aliases, description, tags } = registered;
    return {
      versions,
      aliases,
      description,
      tags,
      champions: championTimeline(audit),
      former: await formerChampions(tx, model),
      audit,
      pending: versions.find((version) => version.tags['status'] === 'awaiting_approval') ?? null,
    };
  });
}
