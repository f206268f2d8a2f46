import preamble from '../../kernels/webgpu/split-and-settings.wgsl?raw';

/** How a shader sees each of its buffers, in the order of their bindings. */
export type Access = 'uniform' | 'read-only-storage' | 'storage';

/** A buffer, or part of one. */
export interface Bound {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly size?: number;
}

/** A shader with its entry points, ready to run. */
export class Program<Entry extends string> {
  readonly #device: GPUDevice;
  readonly #layout: GPUBindGroupLayout;
  readonly #pipelines: ReadonlyMap<Entry, GPUComputePipeline>;

  private constructor(
    device: GPUDevice,
    layout: GPUBindGroupLayout,
    pipelines: ReadonlyMap<Entry, GPUComputePipeline>,
  ) {
    this.#device = device;
    this.#layout = layout;
    this.#pipelines = pipelines;
  }

  /** Compiles `source`; rejects when the device does not take it. */
  static async compile<Entry extends string>(
    device: GPUDevice,
    source: string,
    accesses: readonly Access[],
    entries: readonly Entry[],
  ): Promise<Program<Entry>> {
    const module = device.createShaderModule({ code: `${preamble}\n${source}` });
    const layout = device.createBindGroupLayout({
      entries: accesses.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
    });
    const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] });
    const made = await Promise.all(
      entries.map(async (entryPoint) => {
        const compute = { module, entryPoint };
        return [entryPoint, await device.createComputePipelineAsync({ layout: pipelineLayout, compute })] as const;
      }),
    );
    return new Program(device, layout, new Map(made));
  }

  /** The buffers of some dispatches. */
  bind(bound: readonly Bound[]): GPUBindGroup {
    return this.#device.createBindGroup({
      layout: this.#layout,
      entries: bound.map((resource, binding) => ({ binding, resource })),
    });
  }

  /** Runs an entry point on `x` times `y` workgroups. */
  run(
    pass: GPUComputePassEncoder,
    entry: Entry,
    group: GPUBindGroup,
    [x, y = 1]: readonly [x: number, y?: number],
  ): void {
    if (x === 0 || y === 0) return;
    const pipeline = this.#pipelines.get(entry);
    if (!pipeline) throw new Error(`no entry point ${entry}`);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y);
  }
}
