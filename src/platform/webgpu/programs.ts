import buildSource from '../../kernels/histogram/build.wgsl?raw';
import subtractSource from '../../kernels/histogram/subtract.wgsl?raw';
import partitionSource from '../../kernels/partition/partition.wgsl?raw';
import narrowSource from '../../kernels/split/narrow.wgsl?raw';
import { Program, type Access } from './program';

/** The shaders of the tree engine on one device. */
export interface Programs {
  readonly build: Program<'build'>;
  readonly subtract: Program<'subtract'>;
  readonly partition: Program<'count' | 'place' | 'scatter' | 'restore'>;
  readonly narrow: Program<'bound' | 'choose'>;
}

const [settings, read, write]: readonly [Access, Access, Access] = ['uniform', 'read-only-storage', 'storage'];

export async function compilePrograms(device: GPUDevice): Promise<Programs> {
  const [build, subtract, partition, narrow] = await Promise.all([
    Program.compile(device, buildSource, [settings, read, read, read, read, read, read, read, write], ['build']),
    Program.compile(device, subtractSource, [settings, read, write], ['subtract']),
    Program.compile(
      device,
      partitionSource,
      [settings, read, write, write, read, read, write, write],
      ['count', 'place', 'scatter', 'restore'],
    ),
    Program.compile(
      device,
      narrowSource,
      [settings, read, read, read, read, read, read, write, write],
      ['bound', 'choose'],
    ),
  ]);
  return { build, subtract, partition, narrow };
}
