import { utf8Text } from '../../utils/utf8';

/** A field of a protobuf message: a number, or the bytes of whatever has a length. */
export interface WireField {
  readonly field: number;
  readonly value: number;
  readonly bytes: Uint8Array;
}

/** One node of a graph, its attributes by name. */
export interface ReadNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, readonly (number | string)[]>;
}

/** The fields of a message, in order; for tests of what is written, so it trusts its bytes. */
export function fieldsOf(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  for (let at = 0; at < bytes.length;) {
    const [key, first] = varintAt(bytes, at);
    const [value, next] = varintAt(bytes, first);
    const isDelimited = key % 8 === 2;
    at = isDelimited ? next + value : next;
    fields.push({ field: Math.floor(key / 8), value, bytes: bytes.subarray(next, at) });
  }
  return fields;
}

export function varintsIn(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const [value, next] = varintAt(bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}

/** The nodes, metadata and names of a model; for tests. */
export function readBack(bytes: Uint8Array): {
  readonly nodes: readonly ReadNode[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
} {
  const model = fieldsOf(bytes);
  const graph = all(model, 7).flatMap(fieldsOf);
  const names = (field: number) => all(graph, field).map((info) => texts(fieldsOf(info), 1)[0] ?? '');
  return {
    nodes: all(graph, 1).map(nodeFrom),
    inputs: names(11),
    outputs: names(12),
    metadata: new Map(
      all(model, 14).map((entry) => [texts(fieldsOf(entry), 1)[0] ?? '', texts(fieldsOf(entry), 2)[0] ?? '']),
    ),
  };
}

function nodeFrom(bytes: Uint8Array): ReadNode {
  const fields = fieldsOf(bytes);
  return {
    type: texts(fields, 4)[0] ?? '',
    inputs: texts(fields, 1),
    outputs: texts(fields, 2),
    attributes: new Map(all(fields, 5).map((one) => [texts(fieldsOf(one), 1)[0] ?? '', valuesOf(fieldsOf(one))])),
  };
}

function valuesOf(fields: readonly WireField[]): (number | string)[] {
  const single = fields.filter(({ field }) => field === 3).map(({ value }) => value);
  const floats = all(fields, 7).flatMap((packed) => {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    return Array.from({ length: packed.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
  });
  return [...single, ...texts(fields, 4), ...floats, ...all(fields, 8).flatMap(varintsIn), ...texts(fields, 9)];
}

function all(fields: readonly WireField[], wanted: number): Uint8Array[] {
  return fields.filter(({ field }) => field === wanted).map(({ bytes }) => bytes);
}

function texts(fields: readonly WireField[], wanted: number): string[] {
  return all(fields, wanted).map((bytes) => utf8Text(bytes) ?? '');
}

function varintAt(bytes: Uint8Array, at: number): readonly [number, number] {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++] as number;
    value += (byte % 128) * scale;
    if (byte < 128) return [value, at];
  }
}
