import { gradient, height, levelLines } from "../../core/hollows.mjs";
import { hollowOf, walk } from "../../figures/descent.mjs";

export default {
  height: (places) => places.map(height),
  gradient: (places) => places.map(gradient),
  walk: ({ start, rate, steps }) => walk(start, rate, steps),
  // a walk that cannot end is cut before its numbers are lost
  bounded: ({ start, rate, steps }) => walk(start, rate, steps).flat().every(Number.isFinite),
  hollowOf,
  // how far the ends of the pieces are from the height that they should have, at most
  levelLines: ({ level }) => {
    const pieces = levelLines(([x, y]) => 2 * x - y, level, 2, 10).flat();
    return [pieces.length > 0, pieces.every(([x, y]) => Math.abs(2 * x - y - level) < 1e-12)];
  },
  noLine: ({ level }) => levelLines(height, level, 2, 10),
};
