/**
 * SQL's LIKE over the whole text: `%` is any run of characters, `_` any one (a code point), all else itself; there is no
 * escape. Takes at most length x pattern steps whatever the pattern.
 */
export function likeMatcher(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const wanted = Array.from(fold(pattern));
  if (!wanted.includes('_')) {
    const inner = wanted.slice(1, -1);
    const isPart = wanted.length >= 2 && wanted[0] === '%' && wanted.at(-1) === '%' && !inner.includes('%');
    if (isPart) return (text) => fold(text).includes(inner.join(''));
    if (!wanted.includes('%')) return (text) => fold(text) === wanted.join('');
  }
  return (text) => matches(Array.from(fold(text)), wanted);
}

/** Goes back only to the last `%`, which is enough. */
function matches(text: readonly string[], pattern: readonly string[]): boolean {
  let [at, next, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[next] === '%') {
      star = next++;
      resume = at;
    } else if (pattern[next] === '_' || (next < pattern.length && pattern[next] === text[at])) {
      at++;
      next++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[next] === '%') next++;
  return next === pattern.length;
}
