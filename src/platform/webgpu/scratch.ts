/** A buffer that is replaced by a larger one when it must be. */
export class Scratch {
  readonly #device: GPUDevice;
  readonly #usage: GPUBufferUsageFlags;
  #buffer: GPUBuffer | null = null;

  constructor(device: GPUDevice, usage: GPUBufferUsageFlags) {
    this.#device = device;
    this.#usage = usage;
  }

  /** At least so many bytes; what it held may be gone. */
  room(bytes: number): GPUBuffer {
    if (!this.#buffer || this.#buffer.size < bytes) {
      this.#buffer?.destroy();
      const size = Math.max(256, 2 ** Math.ceil(Math.log2(Math.max(1, bytes))));
      this.#buffer = this.#device.createBuffer({ size, usage: this.#usage });
    }
    return this.#buffer;
  }

  /** The buffer with these words at its beginning. */
  holding(words: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.room(words.byteLength);
    if (words.length > 0) this.#device.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }

  destroy(): void {
    this.#buffer?.destroy();
    this.#buffer = null;
  }
}
