/** The bundler's glob import, as far as src/models uses it. */
interface ImportMeta {
  glob(
    pattern: string,
    options: { readonly eager: true; readonly query?: '?raw'; readonly import?: 'default' },
  ): Record<string, unknown>;
}
