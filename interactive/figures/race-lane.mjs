// One optimiser's picture: the ravine from above, its valley always horizontal, and the path so far.
import { rotate } from "../core/landscapes.mjs";
import { Plot } from "../kit/plot.mjs";

const ALONG = [-9.8, 2.8]; // what is seen of the valley, and across it
const ACROSS = [-1.8, 1.8];
const EDGE = { left: 2, right: 2, top: 2, bottom: 2 };
const LEVELS = Array.from({ length: 8 }, (_, i) => 12.6 * (0.1 + (0.9 * i) / 7)); // ellipses, along the valley
const POINTS = 72;

/** The name of each optimiser's colour, in their order. */
export const COLOURS = ["ink", "line-1", "line-3", "line-2"];

/** The picture of one path up to a step, as wide as asked; both directions have the same scale. */
export function lane(path, { step, condition_number, angle }, width, i) {
  const height = Math.round(((width - 4) * (ACROSS[1] - ACROSS[0])) / (ALONG[1] - ALONG[0])) + 4;
  const plot = new Plot({ width, height, x: ALONG, y: ACROSS, xTicks: [], yTicks: [], edge: EDGE });
  for (const reach of LEVELS) plot.line(ellipse(reach, reach / Math.sqrt(condition_number)), { colour: "quiet", width: 0.6 });
  axes(plot, angle);
  const colour = COLOURS[i];
  const done = path.slice(0, step + 1);
  plot.line(done, { colour, width: 1.3 });
  for (const [x, y] of done) plot.dot(x, y, { colour, r: 1.6 });
  plot.dot(...done.at(-1), { colour, r: 5.5 });
  return plot.node;
}

const ellipse = (a, b) =>
  Array.from({ length: POINTS + 1 }, (_, k) => {
    const angle = (2 * Math.PI * k) / POINTS;
    return [a * Math.cos(angle), b * Math.sin(angle)];
  });

/** The axes of the two parameters through the minimum, along which adaptive methods scale the gradient. */
function axes(plot, angle) {
  [["x₁", [1, 0]], ["x₂", [0, 1]]].forEach(([name, axis]) => {
    const [dx, dy] = rotate(axis, -angle);
    const room = (d, [low, high]) => (Math.abs(d) < 1e-9 ? Infinity : (d > 0 ? high : low) / d);
    const reach = Math.min(room(dx, ALONG), room(dy, ACROSS));
    const back = Math.min(room(-dx, ALONG), room(-dy, ACROSS));
    plot.line([[-back * dx, -back * dy], [reach * dx, reach * dy]], { colour: "ink", width: 1, dash: "3 3" });
    const at = reach - 0.35;
    plot.label(at * dx, at * dy, name, { dx: dy > 0.5 ? 8 : -2, dy: dy > 0.5 ? 6 : -6, size: 12 });
  });
}
