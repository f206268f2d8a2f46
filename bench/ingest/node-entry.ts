export { csvPieces } from '../../src/data/csv/write-csv';
export { writeParquet } from '../../src/platform/parquet/write';
export { makeRows } from './tables';
