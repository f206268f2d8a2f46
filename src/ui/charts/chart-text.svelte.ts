let shared: CanvasRenderingContext2D | null | undefined;
/** Grows when web fonts arrive, so that pictures measured before are laid out anew. */
let fonts = $state(0);

document.fonts.addEventListener('loadingdone', () => fonts++);

/** A canvas to measure on; asked for by the state of the fonts, so that whoever measures measures again. */
function measuring(_fonts: number): CanvasRenderingContext2D | null {
  return (shared ??= document.createElement('canvas').getContext('2d'));
}

/** Width of `text` in CSS pixels as a chart draws it; tabular figures make it a little wider than measured. */
export function textWidth(text: string, size = 12, weight = 400): number {
  const context = measuring(fonts);
  if (!context) return text.length * size * 0.6;
  context.font = `${weight} ${size}px "Inter Variable", system-ui, sans-serif`;
  return context.measureText(text).width * 1.04 + 1;
}

/** `text`, shortened with an ellipsis where it would be wider than `room`. */
export function fitText(text: string, room: number, size = 12): string {
  if (textWidth(text, size) <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`${text.slice(0, middle)}…`, size) <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}

/** Room for a column of labels: the widest, between `least` and `most`. */
export function labelRoom(labels: readonly string[], least: number, most: number): number {
  return Math.min(most, Math.max(least, ...labels.map((label) => Math.ceil(textWidth(label)))));
}

/** Where a label at `x` is anchored so that it stays between `low` and `high`. */
export function anchorInside(x: number, text: string, low: number, high: number): 'start' | 'middle' | 'end' {
  const half = textWidth(text) / 2;
  if (x - half < low) return 'start';
  return x + half > high ? 'end' : 'middle';
}
