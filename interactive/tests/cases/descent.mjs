import { contours, joined } from "../../core/contours.mjs";
import { TWO_MINIMA } from "../../core/landscapes.mjs";
import { minimumOf, pathOf, pathUpTo } from "../../figures/descent.mjs";

export default {
  value: (points) => points.map(TWO_MINIMA.value),
  gradient: (points) => points.map((point) => TWO_MINIMA.gradient(point)),
  path: ({ start, learning_rate, steps }) => pathOf(start, learning_rate, steps),
  // a path that diverges is cut before its numbers are lost
  bounded: ({ start, learning_rate, steps }) => pathOf(start, learning_rate, steps).flat().every(Number.isFinite),
  minimumOf,
  // how far the ends of the pieces are from the value that they should have, at most
  contour: ({ level }) => {
    const pieces = contours(([x, y]) => 2 * x - y, [level], 2, 10)[0].flat();
    return [pieces.length > 0, pieces.every(([x, y]) => Math.abs(2 * x - y - level) < 1e-12)];
  },
  pathUpTo: ({ path, steps }) => pathUpTo(path, steps),
  // low contours are closed lines, and together hold every piece
  joined: ({ level }) => {
    const pieces = contours(TWO_MINIMA.value, [level], 3, 30)[0];
    const lines = joined(pieces);
    const near = ([a, b], [x, y]) => Math.hypot(a - x, b - y) < 1e-6;
    const count = lines.reduce((sum, line) => sum + line.length - 1, 0);
    return lines.length > 0 && count === pieces.length && lines.every((line) => near(line[0], line.at(-1)));
  },
  noContour: ({ level }) => contours(TWO_MINIMA.value, [level], 2, 10)[0],
};
