// Cost landscapes of two parameters, as `weighted_sums.landscapes` defines them.

const MINIMA = [[-1.1, -0.5], [1.2, 0.6]]; // the middles of the two dips
const DEPTHS = [1, 1.6];
const CURVATURE = 0.15; // of the wide bowl around them

const dips = ([x, y]) =>
  MINIMA.map(([mx, my], i) => {
    const [dx, dy] = [x - mx, y - my];
    return { dx, dy, depth: DEPTHS[i] * Math.exp(-(dx * dx + dy * dy)) };
  });

/** A landscape with two minima: its value and its gradient at a point [x, y], and the middles of its dips. */
export const TWO_MINIMA = {
  minima: MINIMA,
  value: (point) => CURVATURE * (point[0] ** 2 + point[1] ** 2) - dips(point).reduce((sum, { depth }) => sum + depth, 0),
  gradient(point) {
    const found = dips(point);
    const along = (axis, key) => 2 * CURVATURE * point[axis] + 2 * found.reduce((sum, dip) => sum + dip[key] * dip.depth, 0);
    return [along(0, "dx"), along(1, "dy")];
  },
};

function rotation(degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return ([x, y]) => [c * x - s * y, s * x + c * y];
}

/** A vector of two numbers, rotated anticlockwise. */
export const rotate = (vector, degrees) => rotation(degrees)(vector);

/** The gradient of a rotated ravine with curvature 1 along its valley and `curvature` across it. */
export function ravineGradient(curvature, degrees) {
  const [forth, back] = [rotation(degrees), rotation(-degrees)];
  return (point) => {
    const [along, across] = back(point);
    return forth([along, curvature * across]);
  };
}

/** How far a point is from the minimum, at zero. */
export const distance = (point) => Math.hypot(...point);
