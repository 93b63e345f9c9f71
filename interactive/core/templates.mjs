// A painted template: a grid of cells, each positive (1), negative (−1) or zero, and the weighted sums
// that it gives to images of as many cells. `weighted_sums.templates.template` makes the same weights.

import { weightedSum } from "./networks.mjs";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZa"; // three cells in a letter
const SIGNS = [0, 1, -1];

/** How many cells a template has in each direction; a cell is two pixels by two. */
export const CELLS = 14;

/** The signs of all cells, row after row, that a text holds; what it does not say is zero. */
export function readCells(text) {
  const signs = new Int8Array(CELLS * CELLS);
  [...text].forEach((letter, i) => {
    const value = Math.max(0, LETTERS.indexOf(letter));
    [Math.floor(value / 9), Math.floor(value / 3) % 3, value % 3].forEach((trit, j) => {
      if (3 * i + j < signs.length) signs[3 * i + j] = SIGNS[trit];
    });
  });
  return signs;
}

/** The signs of all cells as text, which an address can hold. */
export function writeCells(signs) {
  const trit = (i) => SIGNS.indexOf(signs[i] ?? 0);
  const letters = Array.from({ length: Math.ceil(signs.length / 3) }, (_, i) => LETTERS[9 * trit(3 * i) + 3 * trit(3 * i + 1) + trit(3 * i + 2)]);
  return letters.join("").replace(/A+$/, "");
}

/** The weights of a template: the positive cells add up to 1, the negative ones to −1. */
export function templateOf(signs) {
  const [up, down] = [1, -1].map((sign) => Math.max(1, signs.filter((s) => s === sign).length));
  return Float64Array.from(signs, (s) => (s > 0 ? 1 / up : s < 0 ? -1 / down : 0));
}

/** The weighted sum of each image, without a bias. */
export const sumsOf = (images, weights) => images.map((image) => weightedSum(weights, image));

/** The value below which a fraction q of the numbers lies, between two of them by a straight line. */
export function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (at - below) * (next - sorted[below]);
}

/** The cells on the straight line between two cells [row, column], both included. */
export function cellsBetween([r0, c0], [r1, c1]) {
  const steps = Math.max(Math.abs(r1 - r0), Math.abs(c1 - c0), 1);
  return Array.from({ length: steps + 1 }, (_, i) => [r0 + ((r1 - r0) * i) / steps, c0 + ((c1 - c0) * i) / steps].map(Math.round));
}
