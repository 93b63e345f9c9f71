// Pictures of the race: the ravine from above with one path or all of them, and the distances against the step.
import { distance, rotate } from "../core/landscapes.mjs";
import { Plot } from "../kit/plot.mjs";

const ALONG = [-9.8, 2.8]; // what is seen of the valley, and across it
const ACROSS = [-1.8, 1.8];
const LEVELS = Array.from({ length: 8 }, (_, i) => 12.6 * (0.1 + (0.9 * i) / 7)); // ellipses, along the valley
const POINTS = 72;
/** Distances below this are not told apart, and those beyond `FARTHEST` not drawn. */
export const NEAREST = 1e-6;
const FARTHEST = 1e3;
const LINE = 14; // pixels between two names

/** The look of each optimiser's path, in their order: colours, and dashes as a second cue. */
export const COLOURS = ["ink", "series-2", "series-3", "gradient"];
const DASHES = [null, "6 3", "2 3", "9 3 2 3"];

/** The points of a path up to a step, which may lie between two of them. */
export function upTo(path, step) {
  const whole = Math.floor(step);
  const [from, to] = [path[whole], path[whole + 1] ?? path[whole]];
  return [...path.slice(0, whole + 1), from.map((v, i) => v + (step - whole) * (to[i] - v))];
}

/** The ravine with the paths of some runs up to a step; both directions have the same scale. */
export function map(runs, { step, condition_number, angle }, width) {
  const height = Math.round((width * (ACROSS[1] - ACROSS[0])) / (ALONG[1] - ALONG[0]));
  const plot = new Plot({ width, height, x: ALONG, y: ACROSS, bare: true });
  for (const reach of LEVELS) plot.line(ellipse(reach, reach / Math.sqrt(condition_number)), { colour: "edge", width: 0.6 });
  axes(plot, angle);
  for (const { path, i } of runs) {
    const done = upTo(path, step);
    plot.line(done, { colour: COLOURS[i], width: 1.6, dash: runs.length > 1 ? DASHES[i] : null });
    if (runs.length === 1) done.slice(0, -1).forEach(([x, y]) => plot.dot(x, y, { colour: COLOURS[i], r: 1.6 }));
    plot.dot(...done.at(-1), { colour: COLOURS[i], r: 5 });
  }
  return plot.node;
}

/** The powers of ten between which all distances lie, as far as they are drawn at all. */
export function limits(all) {
  const within = all.map((d) => Math.log10(Math.min(FARTHEST, Math.max(NEAREST, d))));
  return [10 ** Math.floor(Math.min(...within)), 10 ** Math.ceil(Math.max(...within))];
}

/** The distance of every run from the minimum against the step; the axis has room for the whole race. */
export function distances(runs, step, steps, width, height) {
  const [low, high] = limits(runs.flatMap(({ path }) => path.map(distance)));
  const plot = new Plot({ width, height, x: [0, steps], y: [low, high], logY: true, xLabel: "step", yLabel: "distance", edge: { left: 54, right: 78 } });
  // a curve that leaves the axis is seen to leave, and its numbers stay finite
  const bounded = (d) => Math.min(FARTHEST * high, Math.max(NEAREST * low, d));
  const ends = [];
  for (const { name, path, i } of runs) {
    const points = upTo(path.map((p, k) => [k, bounded(distance(p))]), step);
    plot.line(points, { colour: COLOURS[i], width: 2, dash: DASHES[i] });
    ends.push({ name, i, point: points.at(-1) });
  }
  label(plot, ends);
  return plot.node;
}

// names beside the ends of the lines, moved apart where they would meet, and up where they would leave the plot
function label(plot, ends) {
  const sorted = ends.toSorted((a, b) => b.point[1] - a.point[1]);
  const ys = sorted.map(({ point }) => Math.max(plot.edge.top, plot.scaleY(point[1])) + 4);
  for (let i = 1; i < ys.length; i++) ys[i] = Math.max(ys[i], ys[i - 1] + LINE);
  let room = plot.height - plot.edge.bottom + 4;
  for (let i = ys.length - 1; i >= 0; i--, room -= LINE) ys[i] = Math.min(ys[i], room);
  sorted.forEach(({ name, i, point }, k) => {
    plot.label(...point, name, { colour: COLOURS[i], dx: 6, dy: ys[k] - plot.scaleY(point[1]), size: 12, bold: true });
  });
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
    const other = Math.min(room(-dx, ALONG), room(-dy, ACROSS));
    plot.line([[-other * dx, -other * dy], [reach * dx, reach * dy]], { colour: "quiet", width: 1, dash: "3 3" });
    // in pixels back along the axis and to its inner side: within the map, however the axis lies
    const [back, aside] = [14, dy > 0 ? -9 : 9];
    plot.label(reach * dx, reach * dy, name, { anchor: "middle", dx: -back * dx - aside * dy, dy: back * dy - aside * dx + 4, size: 12, colour: "quiet" });
  });
}
