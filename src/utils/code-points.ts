/** -1, 0 or 1: order of code points, where JavaScript's own compares UTF-16 units. */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    const [left, right] = [isSurrogate(x), isSurrogate(y)];
    // Units of pairs stand for points above all others.
    return left === right ? Math.sign(x - y) : left ? 1 : -1;
  }
  return Math.sign(a.length - b.length);
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
