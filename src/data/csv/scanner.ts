const QUOTE = 0x22;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** How a field stood in the text. */
const PLAIN = 0;
const QUOTED = 1;
/** Quoted, with doubled quotes inside. */
export const ESCAPED = 2;

interface ScanFault {
  readonly kind: 'unclosed quote' | 'text after quote';
  readonly line: number;
}

/**
 * Rows of RFC 4180 text, field by field as byte ranges without copying. Lines end in \n, \r\n or \r; blank lines are
 * passed over; spaces around plain fields and outside quotes are not part of them. Fields past `capacity` are counted
 * but not kept.
 */
export class RowScanner {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** PLAIN, QUOTED or ESCAPED per field. */
  readonly kinds: Uint8Array;
  /** Fields of the current row, those past capacity included. */
  count = 0;
  /** Whether a field past the capacity held anything. */
  overflowed = false;
  /** 1-based line the current row starts on. */
  line = 0;
  /** The first thing wrong so far. */
  fault: ScanFault | null = null;
  position: number;
  #nextLine = 1;

  constructor(
    readonly bytes: Uint8Array,
    private readonly delimiter: number,
    private readonly capacity: number,
    start = 0,
  ) {
    this.position = start;
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.kinds = new Uint8Array(capacity);
  }

  /** Moves to the next row; false at the end. */
  next(): boolean {
    while (this.position < this.bytes.length) {
      this.line = this.#nextLine;
      this.count = 0;
      this.overflowed = false;
      while (this.#field());
      this.#endLine();
      const blank = this.count === 1 && this.kinds[0] === PLAIN && this.starts[0] === this.ends[0];
      if (!blank) return true;
    }
    return false;
  }

  /** Reads one field; true when a delimiter follows it. */
  #field(): boolean {
    const { bytes, delimiter } = this;
    const length = bytes.length;
    let at = this.position;
    while (at < length && isBlank(bytes[at]) && bytes[at] !== delimiter) at++;
    if (bytes[at] === QUOTE) return this.#quoted(at);
    const start = at;
    while (at < length) {
      const byte = bytes[at];
      if (byte === delimiter || byte === NEWLINE || byte === RETURN) break;
      at++;
    }
    this.position = at;
    let end = at;
    while (end > start && isBlank(bytes[end - 1])) end--;
    return this.#keep(start, end, PLAIN);
  }

  #quoted(open: number): boolean {
    const { bytes } = this;
    const startLine = this.#nextLine;
    let kind = QUOTED;
    let at = open + 1;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (bytes[at + 1] !== QUOTE) break;
        kind = ESCAPED;
        at++;
      } else if (byte === NEWLINE || (byte === RETURN && bytes[at + 1] !== NEWLINE)) {
        this.#nextLine++;
      }
    }
    if (at >= bytes.length) this.fault ??= { kind: 'unclosed quote', line: startLine };
    this.position = Math.min(at + 1, bytes.length);
    while (this.position < bytes.length && isBlank(bytes[this.position]) && bytes[this.position] !== this.delimiter)
      this.position++;
    this.#skipStray();
    return this.#keep(open + 1, Math.min(at, bytes.length), kind);
  }

  #skipStray(): void {
    while (this.position < this.bytes.length) {
      const byte = this.bytes[this.position];
      if (byte === this.delimiter || byte === NEWLINE || byte === RETURN) return;
      this.fault ??= { kind: 'text after quote', line: this.#nextLine };
      this.position++;
    }
  }

  #keep(start: number, end: number, kind: number): boolean {
    if (this.count < this.capacity) {
      this.starts[this.count] = start;
      this.ends[this.count] = end;
      this.kinds[this.count] = kind;
    } else if (end > start) {
      this.overflowed = true;
    }
    this.count++;
    if (this.bytes[this.position] !== this.delimiter || this.position >= this.bytes.length) return false;
    this.position++;
    return true;
  }

  #endLine(): void {
    if (this.position >= this.bytes.length) return;
    if (this.bytes[this.position] === RETURN && this.bytes[this.position + 1] === NEWLINE) this.position++;
    this.position++;
    this.#nextLine++;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

/** The bytes of an ESCAPED field with doubled quotes made single, written into `into` from 0; returns their number. */
export function unescapeInto(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    into[length++] = bytes[at] ?? 0;
    if (bytes[at] === QUOTE) at++;
  }
  return length;
}
