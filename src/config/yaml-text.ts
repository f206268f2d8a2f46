import { isPair, LineCounter, parseDocument, stringify, visit, type Document } from 'yaml';
import { pathText, type ConfigFault, type Finding, type Path } from './faults';
import { keyText, positionOf } from './positions';

const LONGEST = 1_000_000;
const POLLUTING = new Set(['__proto__', 'constructor', 'prototype']);

/** A YAML text as plain values, and where each stands in it. */
export interface YamlText {
  readonly root: object;
  /** Findings with their places, in the order of lines; `renamed` are paths as they are written, by path as judged. */
  place(findings: readonly Finding[], renamed?: ReadonlyMap<string, string>): readonly ConfigFault[];
}

/**
 * Reads a YAML text (1.2) that holds keys and values, at most 1,000,000 characters of it: its values, or all faults of
 * its form in the order of lines.
 *
 * @param first what the text begins with, for the sentence about one that holds something else.
 */
export function readYamlText(text: string, first: string): YamlText | { readonly faults: readonly ConfigFault[] } {
  if (text.length > LONGEST) {
    return {
      faults: [
        wholeFileFault(
          `The file has ${text.length.toLocaleString('en')} characters; at most ${LONGEST.toLocaleString('en')} are read.`,
          'a shorter file',
        ),
      ],
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const broken = [...syntaxFaults(document, lines, text), ...refusedNodes(document, lines)];
  if (broken.length > 0) return { faults: inOrder(broken) };
  const root = plainValues(document);
  if (root === TOO_MANY_ALIASES)
    return { faults: [wholeFileFault('The file uses YAML aliases (*name) too many times over.', 'fewer aliases')] };
  if (root === null || typeof root !== 'object' || Array.isArray(root)) {
    return {
      faults: [wholeFileFault(`The file must hold keys and values, beginning with "${first}".`, 'keys and values')],
    };
  }
  const place = (findings: readonly Finding[], renamed: ReadonlyMap<string, string> = new Map()) =>
    inOrder(findings.map((finding) => placed(finding, renamed, document, lines)));
  return { root, place };
}

/** Plain values as a YAML text that `readYamlText` reads back to the same; lines are not folded. */
export function writeYamlText(root: object): string {
  return stringify(root, { lineWidth: 0, aliasDuplicateObjects: false });
}

function placed(
  finding: Finding,
  renamed: ReadonlyMap<string, string>,
  document: Document,
  lines: LineCounter,
): ConfigFault {
  const path = finding.path.map((step, i) => renamed.get(finding.path.slice(0, i + 1).join('.')) ?? step);
  const name = pathText(path);
  const end = /[.?]$/.test(finding.message) ? '' : '.';
  return {
    path: name,
    ...positionOf(document, lines, path, finding.at),
    expected: finding.expected,
    suggestion: finding.suggestion,
    message: `${name} ${finding.message}${end}`,
  };
}

function syntaxFaults(document: Document, lines: LineCounter, text: string): readonly ConfigFault[] {
  return [...document.errors, ...document.warnings].map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    const source = text.split('\n')[line - 1] ?? '';
    const quote = /:\s*[>|]\s*=?\s*-?\d/.test(source)
      ? ' A value that starts with > or | must stand in quotes: ">0".'
      : '';
    const tab = /^\s*\t/.test(source) ? ' Indent with spaces, not tabs.' : '';
    return {
      path: '',
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      expected: 'YAML',
      suggestion: null,
      message: `This is not YAML: ${error.message.replace(/\.$/, '')}.${quote}${tab}`,
    };
  });
}

const TOO_MANY_ALIASES = Symbol('too many aliases');

function plainValues(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError) return TOO_MANY_ALIASES;
    throw error;
  }
}

/** Keys that would reach into prototypes, and aliases of anchors that are not there. */
function refusedNodes(document: Document, lines: LineCounter): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  const refuse = (path: Path, node: unknown, expected: string, message: string) => {
    const { line, col } = lines.linePos((node as { range?: readonly number[] }).range?.[0] ?? 0);
    faults.push({
      path: pathText(path),
      line,
      column: col,
      expected,
      suggestion: null,
      message: `${pathText(path)} ${message}`,
    });
  };
  const pathOf = (ancestors: readonly object[]): Path =>
    ancestors.flatMap((node) => (isPair(node) ? [keyText(node)] : []));
  visit(document, {
    Pair(_key, pair, ancestors) {
      const key = keyText(pair);
      if (!POLLUTING.has(key)) return;
      refuse(
        [...pathOf(ancestors), key],
        pair.key,
        'another key',
        `is refused: ${key} is no key of a configuration. Remove it.`,
      );
    },
    Alias(_key, alias, ancestors) {
      const target = alias.resolve(document);
      if (ancestors.some((node) => node === target)) {
        refuse(
          pathOf(ancestors),
          alias,
          'a value of its own',
          `points to *${alias.source}, which holds it, so it would have no end. Write the value out.`,
        );
      }
      if (target) return;
      refuse(
        pathOf(ancestors),
        alias,
        `an anchor &${alias.source} above`,
        `points to *${alias.source}, but no &${alias.source} stands above it.`,
      );
    },
  });
  return faults;
}

function wholeFileFault(message: string, expected: string): ConfigFault {
  return { path: '', line: 1, column: 1, expected, suggestion: null, message };
}

function inOrder(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  return [...faults].sort((a, b) => a.line - b.line || a.column - b.column);
}
