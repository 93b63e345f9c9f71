// Arrays as pictures: one pixel of a canvas for each number, enlarged without smoothing.

const clamp = (v) => Math.max(0, Math.min(1, v));
const mix = (from, to, t) => from.map((c, i) => Math.round(c + (to[i] - c) * t));
const BLUE = [22, 104, 176]; // the roles of positive and negative weights, on white
const RED = [179, 32, 44];
const WHITE = [255, 255, 255];

/** How a number becomes a colour, the same in every figure of the book. */
export const COLOURS = {
  gray: (v) => Array(3).fill(Math.round(255 * clamp(v))), // 0 black, 1 white
  weights: (v) => mix(WHITE, v < 0 ? RED : BLUE, clamp(Math.abs(v))), // −1 red, 0 white, 1 blue
};

/** Paint `values` row by row onto a canvas; they are divided by `limit` before they are coloured. */
export function paint(canvas, values, rows, columns, { colours = "gray", limit = 1 } = {}) {
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    image.data.set([...COLOURS[colours](values[i] / (limit || 1)), 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
