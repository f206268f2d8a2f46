/**
 * Area under the ROC curve: how often a positive row scores above a negative one, ties counting half. The same for
 * every peer, on the predictions that it wrote.
 * @param {Uint8Array} labels 0 or 1
 * @param {Float32Array} scores
 */
export function areaUnderRoc(labels, scores) {
  if (labels.length !== scores.length) throw new Error(`${scores.length} predictions for ${labels.length} rows`);
  if (!scores.every(Number.isFinite)) throw new Error('a prediction is not a finite number');
  const positives = scores.filter((_, row) => labels[row] === 1).sort();
  const negatives = scores.filter((_, row) => labels[row] === 0).sort();
  let below = 0;
  let notAbove = 0;
  let wins = 0;
  for (const score of positives) {
    while ((negatives[below] ?? Infinity) < score) below++;
    while ((negatives[notAbove] ?? Infinity) <= score) notAbove++;
    wins += (below + notAbove) / 2;
  }
  return wins / (positives.length * negatives.length);
}
