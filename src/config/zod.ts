import { z } from 'zod';

/** Compiled parsers need eval, which a strict content policy refuses; the plain ones give the same answers. */
z.config({ jitless: true });

export { z };
