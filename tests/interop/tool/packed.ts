/** Float32 numbers, little-endian, as base64: NaN and infinity survive. */
export function packed(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

/** [features] columns of [rows] from {rows, features, values}, values packed row by row. */
export function columnsFrom(text: string): Float32Array[] {
  const { rows, features, values } = JSON.parse(text) as { rows: number; features: number; values: string };
  const bytes = Buffer.from(values, 'base64');
  return Array.from({ length: features }, (_, f) =>
    Float32Array.from({ length: rows }, (_, row) => bytes.readFloatLE(4 * (row * features + f))),
  );
}

/** Columns row by row, packed. */
export function packedRows(columns: readonly Float32Array[]): string {
  const rows = columns[0]?.length ?? 0;
  const values = new Float32Array(rows * columns.length);
  columns.forEach((column, f) => column.forEach((value, row) => (values[row * columns.length + f] = value)));
  return packed(values);
}
