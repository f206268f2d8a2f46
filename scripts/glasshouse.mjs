#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { buildCommand, ensureInstalled, root } from './install.mjs';

ensureInstalled();
buildCommand();
await import(pathToFileURL(join(root, '.cache', 'cli', 'main.js')).href);
