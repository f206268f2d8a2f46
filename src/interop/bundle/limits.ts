/** Most that is written into and read out of a bundle: files, bytes of one and bytes of all, unpacked. */
export const BUNDLE_LIMITS = { entries: 60_000, entry: 1024 ** 3, total: 3 * 1024 ** 3 } as const;

/** Bytes of manifest.json. */
export const MANIFEST_BYTES = 32 * 1024 * 1024;
