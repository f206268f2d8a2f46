import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';

/** Each line compiles in a browser, a worker or Node, and must not compile in a stage room. */
const HOSTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a page': {
    document: 'export const leak = document.title;',
    window: 'export const leak = window.innerWidth;',
    elements: 'export const leak: HTMLElement | null = null;',
    storage: 'export const leak = indexedDB.databases();',
  },
  'a worker': {
    scope: 'export const leak = self.postMessage(1);',
    fetch: 'export const leak = fetch("x");',
    timers: 'export const leak = setTimeout(() => undefined, 0);',
    console: 'console.log("leak");\nexport {};',
    clock: 'export const leak = performance.now();',
    encoder: 'export const leak = new TextEncoder();',
  },
  Node: {
    process: 'export const leak = process.cwd();',
    buffers: 'export const leak = Buffer.from("x");',
    modules: 'import { readFileSync } from "node:fs";\nexport const leak = readFileSync;',
    require: 'export const leak = require("fs");',
  },
};

/** What the rooms may use, next to each leak: were it refused as well, a refused leak would prove nothing. */
const HARMLESS = `import { sha256 } from '@noble/hashes/sha2.js';
import { parse } from 'yaml';
import { z } from 'zod';
export const kept = [sha256, parse, z, new Map([[1, new Uint8Array(2)]]), Math.sqrt(2)];
`;

const settings = parseSettings('tsconfig.stages.json');
const rooms = settings.raw.include.map((folder) => folder.replace('src/', ''));
let program: ts.Program;

function parseSettings(name: string) {
  const { config, error } = ts.readConfigFile(name, (path) => ts.sys.readFile(path));
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  return { ...parsed, raw: config as { readonly include: readonly string[] } };
}

function plantedPath(room: string, leak: string): string {
  return resolve('src', room, `planted-${leak}.ts`);
}

/** The rooms as they are, with every leak planted in every room: a leak that another file lets in compiles here. */
beforeAll(() => {
  const leaks = [['harmless', HARMLESS] as const, ...Object.values(HOSTS).flatMap((host) => Object.entries(host))];
  const planted = new Map(
    rooms.flatMap((room) => leaks.map(([name, text]) => [plantedPath(room, name), text] as const)),
  );
  const host = ts.createCompilerHost(settings.options);
  const fileExists = host.fileExists.bind(host);
  const readFile = host.readFile.bind(host);
  host.fileExists = (path) => planted.has(path) || fileExists(path);
  host.readFile = (path) => planted.get(path) ?? readFile(path);
  program = ts.createProgram([...settings.fileNames, ...planted.keys()], settings.options, host);
}, 60_000);

test('every stage room is compiled without DOM and Node', () => {
  const order = readFileSync('scripts/rooms.mjs', 'utf8');
  for (const room of rooms) expect(order).toContain(`'${room}'`);
  const others = ['cli', 'lessons', 'platform', 'ui'];
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(
    folders
      .map((entry) => entry.name)
      .filter((name) => !others.includes(name))
      .sort(),
  ).toEqual([...rooms].sort());
});

function faultsOf(room: string, leak: string): readonly string[] {
  const file = program.getSourceFile(plantedPath(room, leak));
  if (!file) throw new Error(`planted-${leak}.ts of ${room} is not part of the program`);
  return program
    .getSemanticDiagnostics(file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe.each(rooms)('%s', (room) => {
  test.each(Object.keys(HOSTS))('does not compile with %s in it', (host) => {
    for (const leak of Object.keys(HOSTS[host] ?? {})) {
      expect(faultsOf(room, leak), `${leak} in src/${room}`).toEqual([expect.stringMatching(/^Cannot find /)]);
    }
  });

  test('compiles with the libraries of the rooms in it', () => {
    expect(faultsOf(room, 'harmless')).toEqual([]);
  });
});
