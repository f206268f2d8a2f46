import { invariant } from '../../utils/errors';
import { utf8Bytes } from '../../utils/utf8';

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * One message of protobuf's wire format (its guide "Encoding"), as far as ONNX needs it.
 * Fields are written in the order of the calls; numbers of repeated fields are packed.
 */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** @param value a whole number from 0 to 2^53 - 1 */
  integer(field: number, value: number): this {
    this.#add(varints([field * 8 + VARINT, value]));
    return this;
  }

  text(field: number, value: string): this {
    return this.#delimited(field, [utf8Bytes(value)]);
  }

  message(field: number, value: Message): this {
    return this.#delimited(field, value.#parts);
  }

  /** @param values whole numbers from 0 to 2^53 - 1 */
  integers(field: number, values: ArrayLike<number>): this {
    return this.#delimited(field, [varints(values)]);
  }

  floats(field: number, values: ArrayLike<number>): this {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i] as number, true);
    return this.#delimited(field, [new Uint8Array(view.buffer)]);
  }

  /** A repeated field of texts; equal texts should be equal strings, each is encoded once. */
  texts(field: number, values: readonly string[]): this {
    const encoded = new Map<string, Uint8Array>();
    for (const value of new Set(values)) encoded.set(value, new Message().text(field, value).bytes());
    const lengths = values.map((value) => encoded.get(value)?.length ?? 0);
    const all = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
    let at = 0;
    values.forEach((value, i) => {
      all.set(encoded.get(value) as Uint8Array, at);
      at += lengths[i] as number;
    });
    this.#add(all);
    return this;
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #delimited(field: number, parts: readonly Uint8Array[]): this {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    this.#add(varints([field * 8 + LENGTH_DELIMITED, length]));
    for (const part of parts) this.#add(part);
    return this;
  }

  #add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
}

/** Seven bits a byte, lowest first; all but the last byte have the high bit. */
function varints(values: ArrayLike<number>): Uint8Array {
  let length = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    invariant(Number.isSafeInteger(value) && value >= 0, () => `${value} cannot be written as a varint`);
    length += varintLength(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    let rest = values[i] as number;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
    bytes[at++] = rest;
  }
  return bytes;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}
