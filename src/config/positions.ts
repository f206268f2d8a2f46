import { isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import type { Path } from './faults';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where `path` stands in the text: its key or its value, or the nearest thing above it that is there. */
export function positionOf(document: Document, lines: LineCounter, path: Path, at: 'key' | 'value'): Position {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  path.forEach((step, depth) => {
    const pair = isMap(node) ? node.items.find((item) => keyText(item) === String(step)) : undefined;
    const child: unknown = pair ? pair.value : isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    const wantsKey = at === 'key' && depth === path.length - 1;
    offset = (wantsKey ? undefined : offsetOf(child)) ?? offsetOf(pair?.key) ?? offsetOf(child) ?? offset;
    node = child;
  });
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function offsetOf(node: unknown): number | undefined {
  const range = (node as Partial<Node> | null | undefined)?.range;
  return range ? range[0] : undefined;
}

export function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}
