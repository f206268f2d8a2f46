import { expect, it } from 'vitest';
import { histogramLength } from '../histogram/reference';
import { binLayout } from './reference';

it('gives columns that need nearly all codes 256 slots each', () => {
  const layout = binLayout(10, Int32Array.of(256, 200, 255, 256, 250), Uint8Array.of(0, 1, 1, 0, 0));
  expect(layout.padded).toBe(true);
  expect([...layout.slotOffsets]).toEqual([0, 256, 512, 768, 1024, 1280, 1536, 1792]);
  expect(layout.slotCount).toBe(1280);
  expect([...layout.missingCodes]).toEqual([-1, 200, 255, -1, -1]);
  expect(histogramLength(layout)).toBe(2 * 1793);
});

it('lays columns of few bins side by side, padding columns behind them', () => {
  const layout = binLayout(10, Int32Array.of(2, 200, 3), Uint8Array.of(0, 1, 1));
  expect(layout.padded).toBe(false);
  expect([...layout.slotOffsets]).toEqual([0, 2, 203, 207]);
  expect(layout.slotCount).toBe(207);
  expect(histogramLength(layout)).toBe(2 * 208);
});
