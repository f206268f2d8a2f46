/** The first number in a group's name: 18 of "18-64", 65 of "65+"; names without one come last. */
function firstNumber(name: string): number {
  return Number(/\d+(\.\d+)?/.exec(name)?.[0] ?? Infinity);
}

/** Groups in the order of their first numbers; those without keep the order they came in. */
export function groupOrder(a: string, b: string): number {
  const [left, right] = [firstNumber(a), firstNumber(b)];
  return left === right ? 0 : left - right;
}
