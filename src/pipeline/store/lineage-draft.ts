import type { LineageGraph, LineageNode } from './types';

/** A graph while it is put together; an edge counts once both its ends are there. */
export class LineageDraft {
  readonly #nodes = new Map<string, LineageNode>();
  readonly #edges = new Map<string, LineageGraph['edges'][number]>();

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  add(node: LineageNode): void {
    this.#nodes.set(node.id, node);
  }

  join(from: string, to: string): void {
    this.#edges.set(`${from}\u001f${to}`, { from, to });
  }

  graph(): LineageGraph {
    const edges = [...this.#edges.values()].filter(({ from, to }) => this.has(from) && this.has(to));
    return { nodes: [...this.#nodes.values()], edges };
  }
}
