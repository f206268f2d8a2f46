import { expect, it } from 'vitest';
import { WasmMemory } from './wasm-memory';

it('says how much memory was asked for when the host gives no more', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
  const room = new WasmMemory(memory, 0);
  expect(room.take(100_000)).toBe(0);
  expect(() => room.take(5_000_000)).toThrow(
    /^Training needs 5 MB more than the 1 MB it has, and the host gives no more/,
  );
});

it('gives freed blocks again, cleared and joined', () => {
  const room = new WasmMemory(new WebAssembly.Memory({ initial: 1 }), 10);
  const [first, second, third] = [room.take(100), room.take(60), room.take(1)];
  room.bytes(first, 100).fill(7);
  room.give(first);
  room.give(second);
  expect(room.take(170)).toBe(first);
  expect([...room.bytes(first, 170)].every((byte) => byte === 0)).toBe(true);
  expect(() => room.give(third + 1)).toThrow(/no block starts/);
});
