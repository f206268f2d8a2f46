import { refuseAt, type Source } from './fault';

export interface Token {
  readonly kind: 'name' | 'quoted' | 'number' | 'operator' | 'mark' | 'end';
  /** As written, quotes included. */
  readonly text: string;
  /** Offset in UTF-16 units. */
  readonly at: number;
}

/** Longest filter that is read; a parser that calls itself stays far from the end of its stack. */
const LONGEST = 10_000;

const SPACE = /[\s\u0085]+/y;
/** Quotes inside quotes may be doubled or escaped and stay as written, as in MLflow. */
const QUOTED = /'(?:''|\\'|[^'])*'|"(?:""|\\"|[^"])*"|`[^`]*`/y;
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])/uy;
/** A bare word with dots, slashes, dashes and colons inside; a part after a dot may be quoted and is then the last. */
const NAME =
  /(?:`[^`]*`\.|"[^"]*"\.)?(?:[\p{L}_][\p{L}\p{M}\p{N}_/:.-]*(?:(?<=\.)(?:`[^`]*`|"[^"]*"|'[^']*'))?|(?<=\.)(?:`[^`]*`|"[^"]*"|'[^']*'))/uy;
const OPERATOR = /[<>=!~]+/y;
const MARK = /[(),]/y;

const KINDS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['name', NAME],
  ['quoted', QUOTED],
  ['number', NUMBER],
  ['operator', OPERATOR],
  ['mark', MARK],
];

/** Cuts a filter or an order into tokens, an `end` last. */
export function tokensOf(source: Source): readonly Token[] {
  const { text } = source;
  if (text.length > LONGEST) refuseAt(source, LONGEST, 1, `it is longer than ${LONGEST} characters; make it shorter`);
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(SPACE, text, at);
    if (space) {
      at += space.length;
      continue;
    }
    const token = tokenAt(source, at);
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

function tokenAt(source: Source, at: number): Token {
  const { text } = source;
  for (const [kind, pattern] of KINDS) {
    const found = matchAt(pattern, text, at);
    if (found) return { kind, text: found, at };
  }
  const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (/['"`]/.test(letter))
    refuseAt(source, at, text.length - at, `the quote ${letter} that opens here is never closed`);
  if (letter === ';') refuseAt(source, at, 1, 'one filter at a time; leave ";" away');
  if (/[\d.-]/.test(letter)) {
    const word = /^[^\s(),<>=!~]+/.exec(text.slice(at))?.[0] ?? letter;
    refuseAt(source, at, word.length, `"${word}" is no number and no name; put a name that begins so in backticks`);
  }
  return refuseAt(
    source,
    at,
    letter.length,
    `"${letter}" means nothing here; put names and values that hold it in quotes`,
  );
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** What stands in double or single quotes or backticks, the way MLflow takes a key or a value out of them. */
export function unquoted(text: string): string {
  const bare = isWrapped(text, "'") || isWrapped(text, '"') ? text.slice(1, -1) : text;
  return isWrapped(bare, '`') ? bare.slice(1, -1) : bare;
}

function isWrapped(text: string, quote: string): boolean {
  return text.length >= 2 && text.startsWith(quote) && text.endsWith(quote);
}
