/** Most that is written into and read out of a bundle: files, bytes of one and bytes of all, unpacked. */
export const BUNDLE_LIMITS = { entries: 60_000, entry: 1_073_741_824, total: 3_221_225_472 } as const;

/** Bytes of manifest.json. */
export const MANIFEST_BYTES = 32 * 1024 * 1024;
