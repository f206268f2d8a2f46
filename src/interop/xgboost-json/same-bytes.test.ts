import { expect, it } from 'vitest';
import { sha256Hex } from '../../utils/hash';
import { HELD_DIGEST, makeHeldModel } from './held-bytes';

it('trains and writes the bytes held for every host', async () => {
  const text = await makeHeldModel();
  expect(await makeHeldModel()).toBe(text);
  expect(sha256Hex(text)).toBe(HELD_DIGEST);
});
