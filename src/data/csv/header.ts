import { isMissing, parseNumber } from './cells';
import { ESCAPED, type RowScanner, unescapeInto } from './scanner';
import { decodeUtf8 } from './text';

export interface Header {
  /** Unique, none empty, in the order of the file. */
  readonly names: readonly string[];
  readonly warnings: readonly string[];
}

/** Column names from the scanner's current row: empty ones become column_3, repeated ones name_2. */
export function readHeader(scanner: RowScanner): Header {
  const written = fieldTexts(scanner);
  const warnings: string[] = [];
  const taken = new Set(written.filter((name) => name !== ''));
  const used = new Set<string>();
  const names = written.map((name, i) => {
    const wanted = name === '' ? `column_${i + 1}` : name;
    const clash = name === '' ? taken.has(wanted) : used.has(wanted);
    const final = clash ? freeName(wanted, taken) : wanted;
    taken.add(final);
    used.add(final);
    if (name === '') warnings.push(`Column ${i + 1} has no name; it is called "${final}" here.`);
    else if (final !== name)
      warnings.push(`The name "${name}" is there more than once; column ${i + 1} is called "${final}" here.`);
    return final;
  });
  if (looksLikeData(scanner)) {
    const shown = written.slice(0, 3).join(', ');
    warnings.push(
      `The first row looks like data (${shown}, …) but was read as column names. If the file has no header, add one.`,
    );
  }
  return { names, warnings };
}

/** The current row's fields as text. */
export function fieldTexts(scanner: RowScanner): string[] {
  const { bytes, starts, ends, kinds } = scanner;
  return Array.from({ length: Math.min(scanner.count, starts.length) }, (_, i) => {
    const [start, end] = [starts[i] ?? 0, ends[i] ?? 0];
    if (kinds[i] !== ESCAPED) return decodeUtf8(bytes, start, end).trim();
    const scratch = new Uint8Array(end - start);
    return decodeUtf8(scratch, 0, unescapeInto(bytes, start, end, scratch)).trim();
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let n = 2;
  while (taken.has(`${name}_${n}`)) n++;
  return `${name}_${n}`;
}

function looksLikeData(scanner: RowScanner): boolean {
  const { bytes, starts, ends } = scanner;
  let numbers = 0;
  for (let i = 0; i < Math.min(scanner.count, starts.length); i++) {
    const [start, end] = [starts[i] ?? 0, ends[i] ?? 0];
    if (!Number.isNaN(parseNumber(bytes, start, end, 0x2e))) numbers++;
    else if (!isMissing(bytes, start, end)) return false;
  }
  return numbers > 0;
}
