import { invariant } from '../utils/errors';
import type { ModelDefinition } from './types';

const folders = import.meta.glob('./*/index.ts', { eager: true });
let known: ReadonlyMap<string, ModelDefinition> | null = null;

/** Every folder of src/models by name. A new folder needs no other edit than its entry in config.yaml. */
export function modelDefinitions(): ReadonlyMap<string, ModelDefinition> {
  known ??= new Map(
    Object.entries(folders).map(([path, module]) => {
      const { definition } = module as { readonly definition?: ModelDefinition };
      const folder = path.split('/')[1] ?? '';
      invariant(definition, () => `src/models/${folder}/index.ts exports no "definition"`);
      invariant(definition.name === folder, () => `src/models/${folder} calls itself ${definition.name}; folder and name must agree`);
      return [folder, definition] as const;
    }),
  );
  return known;
}
