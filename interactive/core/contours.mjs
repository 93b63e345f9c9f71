// Contour lines of a function of two numbers.

/**
 * Pieces of the line along which `f` has the value `level`, on a grid of `count` by `count` squares
 * from -reach to reach: in each square, the line is drawn straight between the crossings of its sides.
 */
export function contour(f, level, reach, count) {
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

/** The pieces of a contour joined to lines, each a list of points; a closed one ends where it begins. */
export function joined(pieces) {
  const name = ([x, y]) => `${x.toFixed(7)} ${y.toFixed(7)}`;
  const ends = new Map();
  const note = (piece) => piece.forEach((end) => ends.set(name(end), [...(ends.get(name(end)) ?? []), piece]));
  pieces.forEach(note);
  const left = new Set(pieces);
  const grow = (line) => {
    for (;;) {
      const at = name(line.at(-1));
      const next = ends.get(at).find((piece) => left.has(piece));
      if (!next) return line;
      left.delete(next);
      line.push(name(next[0]) === at ? next[1] : next[0]);
    }
  };
  const lines = [];
  for (const piece of pieces) {
    if (left.delete(piece)) lines.push(grow(grow([...piece]).reverse()));
  }
  return lines;
}
