export { encodeArrow } from '../../src/platform/arrow/ipc';
export { makeRows } from './table';
