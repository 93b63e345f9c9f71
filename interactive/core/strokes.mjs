// A drawing as strokes of a round brush on a square board, and as the pixels they leave.
// Strokes are written as text, so that an address can hold a drawing: two letters a point, strokes
// divided by dots.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** How many pixels the board has in each direction. */
export const BOARD = LETTERS.length;

/** The strokes that a text holds, each a list of points [x, y] from 0 to 63; other letters are skipped. */
export function readStrokes(text) {
  return text
    .split(".")
    .map((stroke) => {
      const found = [...stroke].map((letter) => LETTERS.indexOf(letter)).filter((p) => p >= 0);
      return Array.from({ length: Math.floor(found.length / 2) }, (_, i) => [found[2 * i], found[2 * i + 1]]);
    })
    .filter((stroke) => stroke.length);
}

/** Strokes as text. */
export const writeStrokes = (strokes) =>
  strokes.map((stroke) => stroke.map(([x, y]) => LETTERS[x] + LETTERS[y]).join("")).join(".");

function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx || dy ? ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy) : 0;
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

/**
 * The brightness, 0 to 1, of each pixel of the board under a brush of this radius. The edge of a
 * stroke fades over one pixel.
 */
export function rasterise(strokes, radius) {
  const board = new Float64Array(BOARD * BOARD);
  for (const stroke of strokes) {
    stroke.forEach((end, i) => touch(board, stroke[Math.max(0, i - 1)], end, radius));
  }
  return board;
}

function touch(board, from, to, radius) {
  const reach = radius + 1;
  const range = (a, b) => [Math.max(0, Math.floor(Math.min(a, b) - reach)), Math.min(BOARD - 1, Math.ceil(Math.max(a, b) + reach))];
  const [left, right] = range(from[0], to[0]);
  const [top, bottom] = range(from[1], to[1]);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const brightness = Math.max(0, Math.min(1, radius + 0.5 - distance([x, y], from, to)));
      board[y * BOARD + x] = Math.max(board[y * BOARD + x], brightness);
    }
  }
}
