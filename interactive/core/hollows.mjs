// The landscape with two minima, `weighted_sums.landscapes.TWO_MINIMA`, and lines of equal height.

const HOLLOWS = [[-1.1, -0.5], [1.2, 0.6]]; // where they are sunk
const DEPTHS = [1, 1.6];
const RISE = 0.15; // of the wide bowl around them

const pulls = ([x, y]) =>
  HOLLOWS.map(([hx, hy], i) => {
    const [dx, dy] = [x - hx, y - hy];
    return { dx, dy, left: DEPTHS[i] * Math.exp(-(dx * dx + dy * dy)) };
  });

/** The height at a place [x, y]. */
export const height = (place) =>
  RISE * (place[0] ** 2 + place[1] ** 2) - pulls(place).reduce((sum, { left }) => sum + left, 0);

/** The gradient there, which points uphill. */
export function gradient(place) {
  const along = (axis, key) => 2 * RISE * place[axis] + 2 * pulls(place).reduce((sum, p) => sum + p[key] * p.left, 0);
  return [along(0, "dx"), along(1, "dy")];
}

/** The middles of the hollows. */
export const hollows = () => HOLLOWS.map((place) => [...place]);

/**
 * Pieces of the line along which `f` has the value `level`, on a grid of `count` by `count` squares
 * from -reach to reach: in each square, the line is drawn straight between the crossings of its sides.
 */
export function levelLines(f, level, reach, count) {
  const at = (i) => reach * ((2 * i) / count - 1);
  const values = Array.from({ length: count + 1 }, (_, i) => Array.from({ length: count + 1 }, (_, j) => f([at(i), at(j)]) - level));
  const pieces = [];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const crossings = corners.flatMap((corner, k) => crossing(corner, corners[(k + 1) % 4], values, at));
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([crossings[k], crossings[k + 1]]);
    }
  }
  return pieces;
}

function crossing([i, j], [k, l], values, at) {
  const [a, b] = [values[i][j], values[k][l]];
  if (a > 0 === b > 0) return [];
  const t = a / (a - b);
  return [[at(i) + t * (at(k) - at(i)), at(j) + t * (at(l) - at(j))]];
}
