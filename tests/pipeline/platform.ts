import { readFileSync } from 'node:fs';
import { loadConfig } from '../../src/config/load';
import type { Config } from '../../src/config/schema';
import { nodePlatform } from '../../src/cli/node-platform';
import type { Platform } from '../../src/pipeline/platform';
import { Workspace } from '../../src/pipeline/workspace';

export function projectConfig(): Config {
  const loaded = loadConfig(readFileSync('config.yaml', 'utf8'));
  if (!('config' in loaded)) throw new Error(loaded.faults.map((fault) => fault.message).join('\n'));
  return loaded.config;
}

/** A workspace whose clock and ids are counted, so that two of them can be compared byte for byte. */
export function countedWorkspace(change: (platform: Platform) => Platform = (platform) => platform): {
  readonly workspace: Workspace;
  readonly platform: Platform;
} {
  let ids = 0;
  const platform = change({
    ...nodePlatform(),
    now: () => 1_772_000_000_000,
    newId: () => (++ids).toString(16).padStart(32, '0'),
  });
  return { workspace: new Workspace(platform, projectConfig()), platform };
}

/** Trainers that finish out of order, as workers do. */
export function withTrainers(concurrency: number): (platform: Platform) => Platform {
  return (platform) => {
    const { training } = platform.services;
    let calls = 0;
    return {
      ...platform,
      services: {
        ...platform.services,
        training: {
          ...training,
          concurrency,
          trial: async (...args: Parameters<typeof training.trial>) => {
            const wait = (calls++ * 7) % 5;
            const outcome = await training.trial(...args);
            await new Promise((resolve) => setTimeout(resolve, wait));
            return outcome;
          },
        },
      },
    };
  };
}
