// Contour lines of a function of two numbers.

/**
 * For each of `levels`, pieces of the line along which `f` has this value, on a grid of `count` by
 * `count` squares from -reach to reach: in each square, the line is drawn straight between the
 * crossings of its sides.
 */
export function contours(f, levels, reach, count) {
  const grid = Array.from({ length: count + 1 }, (_, i) => reach * ((2 * i) / count - 1));
  const heights = grid.map((x) => grid.map((y) => f([x, y])));
  return levels.map((level) => contour(heights, level, grid));
}

function contour(heights, level, grid) {
  const pieces = [];
  for (let i = 0; i + 1 < grid.length; i++) {
    for (let j = 0; j + 1 < grid.length; j++) {
      const [here, next] = [heights[i], heights[i + 1]];
      const above = (here[j] > level) + (here[j + 1] > level) + (next[j] > level) + (next[j + 1] > level);
      if (above % 4 === 0) continue; // all corners lie on one side: the line does not pass here
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const crossings = corners.flatMap((corner, k) => crossing(corner, corners[(k + 1) % 4], heights, level, grid));
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([crossings[k], crossings[k + 1]]);
    }
  }
  return pieces;
}

function crossing([i, j], [k, l], heights, level, grid) {
  const [a, b] = [heights[i][j] - level, heights[k][l] - level];
  if (a > 0 === b > 0) return [];
  const t = a / (a - b);
  return [[grid[i] + t * (grid[k] - grid[i]), grid[j] + t * (grid[l] - grid[j])]];
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
