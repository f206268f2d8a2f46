import interFont from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';

/** What stands above a picture that is taken away. */
export interface PictureWords {
  readonly title: string;
  readonly kind: string;
  /** The legend's entries as they stand on the page: a mark and its name. */
  readonly keys: readonly HTMLElement[];
}

const COPIED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;
const NAMESPACE = 'http://www.w3.org/2000/svg';
const HEAD = 48;

/** Any CSS colour in the form every SVG reader knows. */
function plainColor(color: string): string {
  if (color === 'none' || color.startsWith('url')) return color;
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d');
  if (!context) return color;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  return alpha === 255
    ? `rgb(${red}, ${green}, ${blue})`
    : `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
}

/** A copy of `source` that carries its looks with it. */
function frozen(source: Element): Element {
  const copy = source.cloneNode(true) as Element;
  const from = [source, ...source.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, index) => {
    const original = from[index];
    if (!original || !(element instanceof SVGElement)) return;
    const style = getComputedStyle(original);
    for (const property of COPIED) {
      const value = style.getPropertyValue(property);
      element.style.setProperty(property, property === 'fill' || property === 'stroke' ? plainColor(value) : value);
    }
    for (const name of ['class', 'tabindex', 'role', 'aria-label']) element.removeAttribute(name);
  });
  for (const aid of copy.querySelectorAll('[data-aid]')) aid.remove();
  return copy;
}

function textNode(x: number, y: number, text: string, style: string): SVGTextElement {
  const node = document.createElementNS(NAMESPACE, 'text');
  node.setAttribute('x', String(x));
  node.setAttribute('y', String(y));
  node.setAttribute('style', style);
  node.textContent = text;
  return node;
}

/** Title in the first line, legend in the second. */
function headOf(words: PictureWords, ink: string): SVGGElement {
  const head = document.createElementNS(NAMESPACE, 'g');
  head.append(
    textNode(
      0,
      14,
      words.kind ? `${words.title}, ${words.kind}` : words.title,
      `fill: ${ink}; font-size: 13px; font-weight: 600`,
    ),
  );
  let x = 0;
  for (const key of words.keys) {
    const mark = key.querySelector('svg');
    if (!mark) continue;
    const place = document.createElementNS(NAMESPACE, 'g');
    place.setAttribute('transform', `translate(${x},26)`);
    place.append(...frozen(mark).children);
    const name = key.textContent.trim();
    place.append(textNode(22, 9, name, `fill: ${ink}; font-size: 12px`));
    head.append(place);
    x += 40 + key.getBoundingClientRect().width;
  }
  return head;
}

/** A free-standing SVG file: title, legend and the picture as it looks now, on the page's own background. */
export function svgText(svg: SVGSVGElement, words: PictureWords, css = ''): string {
  const { width, height } = svg.getBoundingClientRect();
  const root = getComputedStyle(document.documentElement);
  const file = document.createElementNS(NAMESPACE, 'svg');
  file.setAttribute('viewBox', `-12 -12 ${width + 24} ${height + HEAD + 24}`);
  file.setAttribute('width', String(width + 24));
  file.setAttribute('height', String(height + HEAD + 24));
  file.setAttribute(
    'style',
    `background: ${plainColor(root.backgroundColor)}; font-family: 'Inter Variable', Inter, system-ui, sans-serif`,
  );
  if (css) {
    const style = document.createElementNS(NAMESPACE, 'style');
    style.textContent = css;
    file.append(style);
  }
  const body = document.createElementNS(NAMESPACE, 'g');
  body.setAttribute('transform', `translate(0,${HEAD})`);
  body.append(...frozen(svg).children);
  file.append(headOf(words, plainColor(root.color)), body);
  return new XMLSerializer().serializeToString(file);
}

/** The page's typeface inside a style sheet, since a picture being drawn may fetch nothing. */
async function embeddedFont(): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(interFont)).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return `@font-face { font-family: 'Inter Variable'; font-weight: 100 900; src: url(data:font/woff2;base64,${btoa(text)}) }`;
}

/** The same as a PNG at twice its size on the page. */
export async function pngBlob(svg: SVGSVGElement, words: PictureWords): Promise<Blob> {
  const { width, height } = svg.getBoundingClientRect();
  const css = await embeddedFont().catch(() => '');
  const url = URL.createObjectURL(new Blob([svgText(svg, words, css)], { type: 'image/svg+xml' }));
  try {
    const canvas = new OffscreenCanvas(Math.ceil((width + 24) * 2), Math.ceil((height + HEAD + 24) * 2));
    const image = new Image(canvas.width, canvas.height);
    image.src = url;
    await image.decode();
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser cannot draw the picture as PNG. Take the SVG instead.');
    context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}
