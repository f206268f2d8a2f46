/**
 * A float32 as the shortest decimal that reads back as the same float32, always with a point or an exponent: XGBoost
 * refuses a float array element that looks like an integer (dmlc/xgboost:src/common/json.cc), and reads a base_score of
 * more than 9 digits as 0.5 in 1.7. Not for NaN or infinity.
 */
export function floatText(value: number): string {
  const single = Math.fround(value);
  if (Object.is(single, -0)) return '-0.0';
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return withPoint(short);
  }
  return withPoint(Number(single.toPrecision(9)));
}

function withPoint(value: number): string {
  const text = String(value);
  return text.includes('.') || text.includes('e') ? text : `${text}.0`;
}
