export { decodeArrow, encodeArrow } from '../../src/platform/arrow/ipc';
export { joinOnce, makeTables } from './tables';
