// Curves that are known at some points only.

/** The value at x of a curve through points [x, y] in rising order; beyond its ends, the end's. */
export function interpolate(points, x) {
  const next = points.findIndex(([at]) => at >= x);
  if (next === -1) return points.at(-1)[1];
  if (next === 0) return points[0][1];
  const [[x0, y0], [x1, y1]] = [points[next - 1], points[next]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
