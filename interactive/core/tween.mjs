// Values between two states of a figure, while it moves from one to the other.

/** Slow, fast, slow: rises from 0 to 1 with t (the cubic "smoothstep"). */
export const ease = (t) => t * t * (3 - 2 * t);

/** The value at fraction t between a and b; by factors if `log`, and both are positive. */
export const between = (a, b, t, log = false) => (log && a > 0 && b > 0 ? a * (b / a) ** t : a + (b - a) * t);

/**
 * The state at fraction t between two. Numbers move, whole ones in whole steps unless their field is
 * `smooth`; everything else is the later state's at once.
 */
export function mixed(fields, from, to, t) {
  const move = (key, { kind, log, whole, smooth }) => {
    if (kind !== "number" || t >= 1) return to[key];
    const value = between(from[key], to[key], t, log);
    return whole && !smooth ? Math.round(value) : value;
  };
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, move(key, field)]));
}

/** Arrays of the same length, mixed number by number; the later one where the lengths differ. */
export const blended = (from, to, t) =>
  t < 1 && from?.length === to.length ? Array.from(to, (v, i) => between(from[i], v, t)) : Array.from(to);
