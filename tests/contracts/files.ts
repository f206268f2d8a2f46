import { expect, test } from 'vitest';
import type { FileStore } from '../../src/utils/records';

/** What every filler of FileStore must do. `make` gives an empty one. */
export function filesContract(make: () => Promise<FileStore>): void {
  test('writes, overwrites, reads, lists and deletes by path', async () => {
    const files = await make();
    await files.write('a/one.arrow', Uint8Array.of(1));
    await files.write('a/b/two.arrow', Uint8Array.of(2, 2));
    await files.write('c.arrow', new Uint8Array());
    await files.write('a/one.arrow', Uint8Array.of(3, 3, 3));
    expect(await files.read('a/one.arrow')).toEqual(Uint8Array.of(3, 3, 3));
    expect(await files.read('c.arrow')).toEqual(new Uint8Array());
    expect(await files.read('a/none.arrow')).toBeUndefined();
    expect(await files.read('none/none.arrow')).toBeUndefined();
    expect(await files.list()).toEqual(['a/b/two.arrow', 'a/one.arrow', 'c.arrow']);
    expect(await files.list('a/')).toEqual(['a/b/two.arrow', 'a/one.arrow']);
    await files.delete('a/one.arrow');
    await files.delete('a/one.arrow');
    await files.delete('none/none.arrow');
    expect(await files.list()).toEqual(['a/b/two.arrow', 'c.arrow']);
  });

  test('what is stored is a copy', async () => {
    const files = await make();
    const bytes = Uint8Array.of(1, 2, 3);
    await files.write('x', bytes);
    bytes[0] = 9;
    const read = await files.read('x');
    expect(read).toEqual(Uint8Array.of(1, 2, 3));
    read?.fill(7);
    expect(await files.read('x')).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('a megabyte comes back as it went in', async () => {
    const files = await make();
    const bytes = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 31) & 255);
    await files.write('big.bin', bytes);
    const read = await files.read('big.bin');
    expect(read?.byteLength).toBe(bytes.byteLength);
    expect(read?.findIndex((value, i) => value !== bytes[i])).toBe(-1);
  });
}
