import { expect, test } from 'vitest';
import type { LineageGraph, LineageKind } from '../../pipeline/store/types';
import { layersOf, reach, stepFrom } from './lineage-layout';

const node = (kind: LineageKind, id: string) => ({ id, kind, title: id, facts: [], current: false });
const graph: LineageGraph = {
  nodes: [
    node('table', 'a'),
    node('table', 'b'),
    node('feature_view', 'of b'),
    node('feature_view', 'of a'),
    node('dataset', 'both'),
    node('dataset', 'alone'),
  ],
  edges: [
    { from: 'a', to: 'of a' },
    { from: 'b', to: 'of b' },
    { from: 'of a', to: 'both' },
    { from: 'of b', to: 'both' },
  ],
};

test('layers hold what there is, each node beside what it rests on', () => {
  expect(layersOf(graph).map(({ title, nodes }) => [title, nodes.map(({ id }) => id)])).toEqual([
    ['Tables', ['a', 'b']],
    ['Feature views', ['of a', 'of b']],
    ['Data sets', ['both', 'alone']],
  ]);
  expect(layersOf({ nodes: [], edges: [] })).toEqual([]);
});

test('what a node rests on and what rests on it', () => {
  expect([...reach(graph, 'both', 'before')].sort()).toEqual(['a', 'b', 'of a', 'of b']);
  expect([...reach(graph, 'a', 'after')]).toEqual(['of a', 'both']);
  expect([...reach(graph, 'alone', 'before')]).toEqual([]);
});

test('arrow keys walk along lines and within a layer, and stop at the ends', () => {
  const layers = layersOf(graph);
  const step = (id: string, key: string) => stepFrom(graph, layers, id, `Arrow${key}`);
  expect([step('a', 'Right'), step('of a', 'Down'), step('of b', 'Left'), step('both', 'Up')]).toEqual([
    'of a',
    'of b',
    'b',
    null,
  ]);
});
