/** Values that MLflow's files hold. */
export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [key: string]: Yaml };

/** Keys and values as a YAML text that PyYAML reads back to the same; texts are quoted, so that none becomes a number or date. */
export function yamlText(root: { readonly [key: string]: Yaml }): string {
  return entries(root, '').join('');
}

function entries(map: { readonly [key: string]: Yaml }, indent: string): readonly string[] {
  return Object.entries(map).map(([key, value]) => `${indent}${keyText(key)}:${after(value, indent)}`);
}

function after(value: Yaml, indent: string): string {
  if (Array.isArray(value)) {
    const items = value as readonly Yaml[];
    return items.length === 0
      ? ' []\n'
      : `\n${items.map((item) => `${indent}-${after(item, `${indent}  `)}`).join('')}`;
  }
  if (typeof value === 'object' && value !== null) {
    const lines = entries(value as { readonly [key: string]: Yaml }, `${indent}  `);
    return lines.length === 0 ? ' {}\n' : `\n${lines.join('')}`;
  }
  return ` ${typeof value === 'string' ? quotedYaml(value) : String(value)}\n`;
}

function keyText(key: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(key) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(key)
    ? key
    : quotedYaml(key);
}

/** A text in double quotes, plain ASCII: PyYAML refuses control characters and lone surrogates. */
export function quotedYaml(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    if (character === '"' || character === '\\') quoted += `\\${character}`;
    else if (point >= 0x20 && point < 0x7f) quoted += character;
    else if (point >= 0xd800 && point < 0xe000) quoted += '\\ufffd';
    else if (point < 0x100) quoted += `\\x${point.toString(16).padStart(2, '0')}`;
    else if (point < 0x10000) quoted += `\\u${point.toString(16).padStart(4, '0')}`;
    else quoted += `\\U${point.toString(16).padStart(8, '0')}`;
  }
  return `${quoted}"`;
}
