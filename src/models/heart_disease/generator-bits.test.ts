import { describe, expect, test } from 'vitest';
import type { Table } from '../../utils/columns';
import { tableDigest } from '../../utils/hash';
import { CLOCK, DAY, WINDOW_DAYS } from './clock';
import { generate, generateWindow } from './generator';

function digests(tables: ReadonlyMap<string, Table>): Record<string, string> {
  return Object.fromEntries([...tables].map(([name, table]) => [name, tableDigest(table).slice(0, 16)]));
}

const HISTORY = { seed: 7, rows: 1000 };

describe('the same request gives the same bits', () => {
  test('as they always were, on every host', async () => {
    expect(digests(await generate(HISTORY, {}))).toEqual({
      demographics: '199523e578c0e58c',
      visits: '3fa8c88fbef69675',
      lab_results: 'bb57dd251282c71b',
      outcomes: '335353da41c95550',
    });
    const window = {
      seed: 8,
      rows: 200,
      from: CLOCK,
      to: CLOCK + WINDOW_DAYS * DAY,
      scenario: 'older_patients',
      history: HISTORY,
    };
    expect(digests(await generateWindow(window, {}))).toEqual({
      demographics: 'b2521682ac078574',
      visits: '4ba0af88a4154c19',
      lab_results: 'cb3ffb2230d51508',
      outcomes: '2f6b6478f7c72c96',
    });
  });

  test('another seed gives others', async () => {
    expect(digests(await generate({ seed: 8, rows: 1000 }, {}))).not.toEqual(digests(await generate(HISTORY, {})));
  });

  test('pausing changes nothing', async () => {
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
    expect(digests(await generate({ seed: 7, rows: 12_000 }, { pause }))).toEqual(
      digests(await generate({ seed: 7, rows: 12_000 }, {})),
    );
  });
});
