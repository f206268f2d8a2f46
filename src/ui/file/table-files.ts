/** What file choosers offer: tables of these kinds are read. */
export const TABLE_FILES = '.csv,.tsv,.txt,text/csv,.parquet,.pq,.arrow,.feather';

const LARGEST = 2_000_000_000;

/** Why a file is not read, before any of it is; null when it can be. */
export function sizeFault(file: Pick<File, 'name' | 'size'>): string | null {
  if (file.size <= LARGEST) return null;
  const size = (file.size / 1e9).toFixed(1);
  return `${file.name} has ${size} GB; at most ${LARGEST / 1e9} GB are read in one tab. Split the file, or keep the columns that matter, and open that.`;
}
