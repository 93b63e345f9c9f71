// Rotary position embedding, as `weighted_sums.positions` computes it.

/** The angle of each pair from one position to the next: the first a radian, later ones less. */
export const frequencies = (d, base) => Array.from({ length: d / 2 }, (_, i) => base ** ((-2 * i) / d));

/** A vector at a position: each pair of neighbours is rotated by its own angle. */
export function rotate(x, position, base) {
  const rotated = Array.from(x);
  frequencies(x.length, base).forEach((frequency, i) => {
    const [c, s] = [Math.cos(frequency * position), Math.sin(frequency * position)];
    rotated[2 * i] = c * x[2 * i] - s * x[2 * i + 1];
    rotated[2 * i + 1] = s * x[2 * i] + c * x[2 * i + 1];
  });
  return rotated;
}

/** The attention score of a query and a key at their positions. */
export function score(q, k, { query, key }, base) {
  const [at, other] = [rotate(q, query, base), rotate(k, key, base)];
  return at.reduce((sum, v, i) => sum + v * other[i], 0) / Math.sqrt(q.length);
}
