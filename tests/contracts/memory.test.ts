import { describe } from 'vitest';
import { memoryFiles } from '../../src/platform/memory/files';
import { memoryRecords } from '../../src/platform/memory/records';
import { filesContract } from './files';
import { CONTRACT_TABLES, recordsContract } from './records';

describe('records in memory', () => recordsContract(() => Promise.resolve(memoryRecords(CONTRACT_TABLES))));
describe('files in memory', () => filesContract(() => Promise.resolve(memoryFiles())));
