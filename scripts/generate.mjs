import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';
import { compileKernels } from './assembly.mjs';
import { root } from './install.mjs';

/** Writes the files made from code; with --check, fails when one differs from what is there. */
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
});
const { configJsonSchema } = await server.ssrLoadModule('/src/config/json-schema.ts');
await server.close();

const wasm = Buffer.from(await compileKernels()).toString('base64');
const files = {
  'static/config.schema.json': `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  'src/kernels/wasm-bytes.ts': `/** The module made from assembly.ts by \`npm run generate\`, in base64. */\nexport const kernelsWasm =\n  '${wasm}';\n`,
};
for (const [name, text] of Object.entries(files)) {
  const path = join(root, name);
  if (!process.argv.includes('--check')) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    console.log(`${name} is not what the code makes. Run: npm run generate`);
    process.exitCode = 1;
  }
}
