/** The bundler's glob import, as far as src/models uses it. */
interface ImportMeta {
  glob(pattern: string, options: { readonly eager: true }): Record<string, unknown>;
}
