import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const COLUMNS = 28;

/** Rows held out for every four trained on: the last 20 % of the table. */
const HOLDOUT_PER_ROW = 1 / 4;
const SEED = 20260;

/**
 * A particle; the tag says how much a jet looks like one of a bottom quark.
 * @typedef {{ readonly momentum: number, readonly eta: number, readonly phi: number, readonly tag: number }} Particle
 */

/**
 * One part of a table as peers are given it.
 * @typedef {{ readonly columns: readonly Float32Array[], readonly labels: Uint8Array }} Part
 */

/**
 * A table shaped like HIGGS: 21 measurements of colliding particles (momenta skewed to the right, angles, jet tags of
 * three levels) and seven masses derived from them. Only + - * / and square roots, so the same bits on every machine;
 * a smaller table is the beginning of a larger one.
 * @param {number} rows
 * @returns {Part}
 */
export function generate(rows) {
  const columns = Array.from({ length: COLUMNS }, () => new Float32Array(rows));
  const labels = new Uint8Array(rows);
  const draw = makeDraws(SEED);
  for (let row = 0; row < rows; row++) {
    const { values, chance } = drawEvent(draw);
    columns.forEach((column, i) => (column[row] = values[i] ?? NaN));
    labels[row] = draw.uniform() < chance ? 1 : 0;
  }
  return { columns, labels };
}

/**
 * The values of one row and how likely it is a signal: thresholds, products and bumps, so that trees of some depth are
 * needed.
 * @param {Draws} draw
 */
function drawEvent(draw) {
  const lepton = drawParticle(draw);
  const missing = { momentum: draw.skewed(), phi: draw.angle() };
  const [first, second, third, fourth] = [
    drawParticle(draw),
    drawParticle(draw),
    drawParticle(draw),
    drawParticle(draw),
  ];
  // A detector sees masses blurred.
  const blurred = (/** @type {number} */ mass) => mass * (1 + 0.15 * draw.bell());
  const [dijet, hadron, leptonJet] = [pairMass(third, fourth), pairMass(first, second), pairMass(lepton, first)];
  const seen = {
    dijet: blurred(dijet),
    fourJets: blurred(Math.sqrt(square(dijet) + square(hadron))),
    transverse: blurred(Math.sqrt(lepton.momentum * missing.momentum * (1 + square(lepton.phi - missing.phi) / 8))),
    leptonJet: blurred(leptonJet),
    hadron: blurred(hadron),
    leptonic: blurred(Math.sqrt(square(leptonJet) + square(missing.momentum))),
    mean: blurred((dijet + leptonJet + hadron) / 3),
  };
  const bumps = 2.4 / (1 + 6 * square(seen.dijet - 1.1)) + 1.9 / (1 + 4 * square(seen.hadron - 0.9));
  const tags = first.tag + second.tag > 2 && seen.leptonic < 1.4 ? 0.8 : -0.3;
  const sides = lepton.eta * first.eta > 0 ? 0.5 : -0.4;
  const score = bumps - 2.05 + tags + sides + 0.5 * (lepton.momentum - 1) - 0.4 * (seen.mean - 1);
  const jets = [first, second, third, fourth].flatMap(({ momentum, eta, phi, tag }) => [momentum, eta, phi, tag]);
  return {
    values: [lepton.momentum, lepton.eta, lepton.phi, missing.momentum, missing.phi, ...jets, ...Object.values(seen)],
    chance: (1 + (1.6 * score) / Math.sqrt(1 + square(1.6 * score))) / 2,
  };
}

/**
 * @param {Draws} draw
 * @returns {Particle}
 */
function drawParticle(draw) {
  const level = draw.uniform();
  return {
    momentum: draw.skewed(),
    eta: draw.bell(),
    phi: draw.angle(),
    tag: level < 0.5 ? 0 : level < 0.8 ? 1.25 : 2.5,
  };
}

/**
 * About the invariant mass of two particles.
 * @param {Particle} a
 * @param {Particle} b
 */
function pairMass(a, b) {
  const apart = square(a.eta - b.eta) + square(a.phi - b.phi) / 2;
  return Math.sqrt(a.momentum * b.momentum * (0.2 + apart / 2));
}

/** @param {number} x */
function square(x) {
  return x * x;
}

/**
 * @typedef {{ uniform(): number, bell(): number, skewed(): number, angle(): number }} Draws
 */

/**
 * Draws on a permuted congruential stream of 32 bits (O'Neill's PCG, RXS-M-XS).
 * @param {number} seed
 * @returns {Draws}
 */
function makeDraws(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 747796405) + 2891336453) >>> 0;
    const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277803737);
    return (((word >>> 22) ^ word) >>> 0) / 4294967296;
  };
  /** Mean 0, variance 1: a sum of four uniforms. */
  const bell = () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
  return {
    uniform,
    bell,
    /** Positive, mean about 1, a long tail to the right. */
    skewed: () => square(square(0.9 + 0.22 * bell())) + 0.05,
    angle: () => (uniform() - 0.5) * Math.sqrt(12),
  };
}

/**
 * The folder with a table's files, written when they are not there: `train.f32` and `test.f32` (float32, one column
 * after another), `train.labels` and `test.labels` (a byte a row), `shape.json`.
 * @param {string} cache
 * @param {number} trainRows
 */
export function dataFolder(cache, trainRows) {
  const version = createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest('hex');
  const folder = join(cache, 'data', `${trainRows}-${version.slice(0, 8)}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}-${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const rows = trainRows + Math.round(trainRows * HOLDOUT_PER_ROW);
  const table = generate(rows);
  writePart(making, 'train', slice(table, 0, trainRows));
  writePart(making, 'test', slice(table, trainRows, rows));
  writeFileSync(
    join(making, 'shape.json'),
    JSON.stringify({ columns: COLUMNS, train: trainRows, test: rows - trainRows }),
  );
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(making, folder);
  return folder;
}

/**
 * @param {Part} table
 * @param {number} from
 * @param {number} to
 * @returns {Part}
 */
function slice({ columns, labels }, from, to) {
  return { columns: columns.map((column) => column.subarray(from, to)), labels: labels.subarray(from, to) };
}

/**
 * @param {string} folder
 * @param {'train' | 'test'} name
 * @param {Part} part
 */
function writePart(folder, name, { columns, labels }) {
  const bytes = columns.map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength));
  writeFileSync(join(folder, `${name}.f32`), Buffer.concat(bytes));
  writeFileSync(join(folder, `${name}.labels`), labels);
}

/**
 * One part back from its files, its columns views of one buffer.
 * @param {string} folder
 * @param {'train' | 'test'} name
 * @returns {Part}
 */
export function readPart(folder, name) {
  const labels = new Uint8Array(readFileSync(join(folder, `${name}.labels`)));
  const bytes = readFileSync(join(folder, `${name}.f32`));
  const columns = Array.from(
    { length: COLUMNS },
    (_, i) => new Float32Array(bytes.buffer, bytes.byteOffset + 4 * i * labels.length, labels.length),
  );
  return { columns, labels };
}
