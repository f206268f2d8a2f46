import type { LineageGraph, LineageKind, LineageNode } from '../../pipeline/store/types';
import type { Stage } from '../../pipeline/views';

export interface LineageLayer {
  readonly kind: LineageKind;
  readonly title: string;
  readonly nodes: readonly LineageNode[];
}

const LAYERS: readonly (readonly [LineageKind, string])[] = [
  ['partition', 'Source files'],
  ['table', 'Tables'],
  ['feature_view', 'Feature views'],
  ['dataset', 'Data sets'],
  ['run', 'Runs'],
  ['model_version', 'Model versions'],
  ['predictions', 'Predictions'],
];

/** The stage that holds nodes of a kind. */
export const STAGE_OF: Readonly<Record<LineageKind, Stage>> = {
  partition: 'data',
  table: 'data',
  feature_view: 'features',
  dataset: 'features',
  run: 'training',
  model_version: 'registry',
  predictions: 'inference',
};

/** Columns from sources to predictions; nodes of each near the middle of what they rest on, so that few lines cross. */
export function layersOf({ nodes, edges }: LineageGraph): readonly LineageLayer[] {
  const place = new Map<string, number>();
  return LAYERS.flatMap(([kind, title]) => {
    const own = nodes.filter((node) => node.kind === kind);
    if (own.length === 0) return [];
    const weights = new Map(
      own.map((node, index) => {
        const before = edges.flatMap((edge) => (edge.to === node.id ? (place.get(edge.from) ?? []) : []));
        const middle = before.length > 0 ? before.reduce((sum, at) => sum + at, 0) / before.length : index / own.length;
        return [node.id, middle] as const;
      }),
    );
    const sorted = own
      .map((node, index) => ({ node, index }))
      .sort((a, b) => (weights.get(a.node.id) ?? 0) - (weights.get(b.node.id) ?? 0) || a.index - b.index)
      .map(({ node }) => node);
    sorted.forEach((node, index) => place.set(node.id, (index + 0.5) / sorted.length));
    return [{ kind, title, nodes: sorted }];
  });
}

/** Everything a node rests on, or everything that rests on it; not the node itself. */
export function reach({ edges }: LineageGraph, id: string, way: 'before' | 'after'): ReadonlySet<string> {
  const found = new Set<string>();
  const look = [id];
  for (let at = look.pop(); at !== undefined; at = look.pop()) {
    for (const { from, to } of edges) {
      const [here, next] = way === 'before' ? [to, from] : [from, to];
      if (here !== at || found.has(next)) continue;
      found.add(next);
      look.push(next);
    }
  }
  return found;
}

/** Where an arrow key leads from a node: up and down within its layer, left and right along its lines. */
export function stepFrom(graph: LineageGraph, layers: readonly LineageLayer[], id: string, key: string): string | null {
  const layer = layers.find((one) => one.nodes.some((node) => node.id === id));
  const at = layer?.nodes.findIndex((node) => node.id === id) ?? -1;
  if (key === 'ArrowUp') return layer?.nodes[at - 1]?.id ?? null;
  if (key === 'ArrowDown') return layer?.nodes[at + 1]?.id ?? null;
  if (key === 'ArrowLeft') return graph.edges.find((edge) => edge.to === id)?.from ?? null;
  if (key === 'ArrowRight') return graph.edges.find((edge) => edge.from === id)?.to ?? null;
  return null;
}
