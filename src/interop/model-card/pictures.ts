import type { CalibrationBin, CurvePoint } from '../../training/types';
import { Markup, markup } from './markup';

const SIDE = 220;
const LEFT = 40;
const BOTTOM = 34;

/** Place on the picture of two shares, 0 to 1, y upwards. */
function place(x: number, y: number): string {
  return `${(LEFT + x * SIDE).toFixed(1)},${(8 + (1 - y) * SIDE).toFixed(1)}`;
}

function frame(label: string, axes: { readonly x: string; readonly y: string }, marks: Markup): Markup {
  const [width, height] = [LEFT + SIDE + 12, SIDE + BOTTOM + 12];
  return markup`<figure><svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<rect x="${LEFT}" y="8" width="${SIDE}" height="${SIDE}" fill="none" stroke="var(--line)"/>
<polyline points="${place(0, 0)} ${place(1, 1)}" fill="none" stroke="var(--line)" stroke-dasharray="4 4"/>
${marks}
<text x="${LEFT}" y="${SIDE + 24}">0</text><text x="${LEFT + SIDE}" y="${SIDE + 24}" text-anchor="end">1</text>
<text x="${LEFT + SIDE / 2}" y="${SIDE + 38}" text-anchor="middle">${axes.x}</text>
<text x="${LEFT - 6}" y="18" text-anchor="end">1</text><text x="${LEFT - 6}" y="${SIDE + 8}" text-anchor="end">0</text>
<text x="14" y="${8 + SIDE / 2}" text-anchor="middle" transform="rotate(-90 14 ${8 + SIDE / 2})">${axes.y}</text>
</svg><figcaption>${label}</figcaption></figure>`;
}

/** The ROC curve; nothing without points. */
export function rocPicture(points: readonly CurvePoint[]): Markup {
  if (points.length === 0) return markup``;
  const line = points.map(({ x, y }) => place(x, y)).join(' ');
  const marks = markup`<polyline points="${line}" fill="none" stroke="var(--accent)" stroke-width="2"/>`;
  return frame('ROC curve, hold-out', { x: 'false-positive rate', y: 'recall' }, marks);
}

/** Observed over predicted shares with their Wilson intervals; nothing without bins. */
export function calibrationPicture(bins: readonly CalibrationBin[]): Markup {
  if (bins.length === 0) return markup``;
  const marks = bins.map(
    ({ predicted, observed, low, high, n }) =>
      markup`<polyline points="${place(predicted, low)} ${place(predicted, high)}" stroke="var(--accent)"/><circle cx="${
        place(predicted, observed).split(',')[0] ?? ''
      }" cy="${place(predicted, observed).split(',')[1] ?? ''}" r="3.5" fill="var(--accent)"><title>${n} rows: predicted ${predicted.toFixed(
        3,
      )}, observed ${observed.toFixed(3)}</title></circle>`,
  );
  return frame(
    'Calibration, hold-out, Wilson 95%',
    { x: 'predicted', y: 'observed' },
    new Markup(marks.map(({ text }) => text).join('')),
  );
}
