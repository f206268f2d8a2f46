import { describe, expect, it } from 'vitest';
import { FileDraft, nameFrom } from './file-draft.svelte';
import type { FilePreview } from '../../pipeline/views';

function preview(): FilePreview {
  const column = (name: string, suggestion: 'label' | 'feature' | 'ignore', counts: readonly number[]) => ({
    name,
    type: 'int64' as const,
    missing: 0,
    distinct: 2,
    mean: 0.4,
    std: 0.5,
    min: 0,
    max: 1,
    histogram: { edges: [-0.5, 0.5, 1.5], labels: ['0', '1'], counts },
    examples: ['0', '1'],
    categories: [],
    suggestion,
  });
  return {
    fileName: 'Heart Cleveland (1).csv',
    format: 'csv',
    csv: { delimiter: ',', encoding: 'UTF-8', decimal: '.' },
    rows: 10,
    columns: [column('id', 'ignore', [5, 5]), column('sex', 'feature', [4, 6]), column('sick', 'label', [7, 3])],
    warnings: [],
    firstRows: [],
  };
}

describe('what a person says about a file', () => {
  it('starts with the suggested label, rule, name and ignored columns', () => {
    const draft = new FileDraft(preview(), new Uint8Array());
    expect(draft.request()).toMatchObject({
      name: 'heart_cleveland_1',
      label: 'sick',
      positive: '== 1',
      ignore: ['id'],
      sensitive: [],
      types: {},
    });
    expect(draft.fault).toBeNull();
  });

  it('keeps only types that were changed', () => {
    const draft = new FileDraft(preview(), new Uint8Array());
    const [, sex] = draft.preview.columns;
    if (!sex) throw new Error('a column is needed');
    draft.setType(sex, 'string');
    expect(draft.request().types).toEqual({ sex: 'string' });
    draft.setType(sex, 'int64');
    expect(draft.request().types).toEqual({});
  });

  it('says what stands in the way', () => {
    const draft = new FileDraft(preview(), new Uint8Array());
    draft.positive = '> 4';
    expect(draft.fault).toContain('nothing to learn');
    draft.positive = '>= 0';
    expect(draft.fault).toContain('nothing to tell apart');
    draft.positive = '== 1';
    draft.name = 'Heart!';
    expect(draft.fault).toContain('lower-case');
  });

  it('never ignores the label nor calls it sensitive', () => {
    const draft = new FileDraft(preview(), new Uint8Array());
    draft.toggle('sensitive', 'sex');
    draft.choose('id');
    draft.toggle('sensitive', 'id');
    expect(draft.request()).toMatchObject({ label: 'id', ignore: [], sensitive: ['sex'] });
  });

  it.each([
    ['2024 data.csv', 'table_2024_data'],
    ['Ärzte.csv', 'rzte'],
    ['.csv', 'table'],
  ])('names a model from “%s”', (fileName, name) => expect(nameFrom(fileName)).toBe(name));
});
