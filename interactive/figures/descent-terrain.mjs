// The landscape with two minima as a map: contour lines, and the low ground shaded.
import { contours, joined } from "../core/contours.mjs";
import { TWO_MINIMA } from "../core/landscapes.mjs";
import { svg } from "../kit/svg.mjs";

const REACH = 4.8; // a wide figure shows more of it than a narrow one
const CELLS = 96;
const LEVELS = Array.from({ length: 18 }, (_, i) => -1.5 + 0.15 * i);
const SHADED = 0; // levels up to here are closed lines: the ground within is shaded, layer on layer

const lines = contours(TWO_MINIMA.value, LEVELS, REACH, CELLS).map((pieces, i) => ({ level: LEVELS[i], parts: joined(pieces) }));

/** The map in the scale of a plot. */
export function terrain(plot) {
  const point = ([x, y]) => `${plot.scaleX(x).toFixed(1)} ${plot.scaleY(y).toFixed(1)}`;
  return svg(
    "g",
    {},
    lines.map(({ level, parts }) =>
      svg("path", {
        d: parts.map((part) => `M${part.map(point).join("L")}`).join(""),
        class: level <= SHADED ? "ws-shade" : null, fill: "none", stroke: "var(--edge)", "stroke-opacity": 0.55,
      }),
    ),
  );
}
