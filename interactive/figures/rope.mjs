// Rotary position embedding: a query and a key turn with their positions, and the score knows their distance.
import { frequencies, rotate, score } from "../core/rope.mjs";
import { integer } from "../kit/fields.mjs";
import { ink, Plot } from "../kit/plot.mjs";
import { html, svg } from "../kit/svg.mjs";
import { shown } from "../kit/words.mjs";

const FURTHEST = 40; // distance of query and key
const LAST = 60; // position of the key
const QUERY = "series-2";
const KEY = "series-3";
const BEYOND = 10; // pixels from the tip of an arrow to its name
const APART = 14; // pixels between two names

/** The score at every distance from 0 on, which is the same wherever the key is. */
export const curve = ({ q, k, base }, points = 401) =>
  Array.from({ length: points }, (_, i) => {
    const distance = (i * FURTHEST) / (points - 1);
    return [distance, score(q, k, { query: distance, key: 0 }, base)];
  });

function told({ position, distance }, payload) {
  const at = { query: position + distance, key: position };
  const found = score(payload.q, payload.k, at, payload.base);
  const first = frequencies(payload.q.length, payload.base)[0];
  const apart = `${distance} ${distance === 1 ? "position" : "positions"} apart`;
  return `The key is at position ${at.key} and the query at ${at.query}, ${apart}. In the first pair they have turned by ${shown(first * at.key, 1)} and ${shown(first * at.query, 1)} radians. Their score is ${shown(found)}, and it would be ${shown(found)} anywhere in the text at this distance.`;
}

const unit = ([x, y]) => [x / Math.hypot(x, y), y / Math.hypot(x, y)];

/** Where the names of two arrows stand: beyond their tips, and side by side where the arrows nearly coincide. */
export function namesAt(tips) {
  const points = tips.map((tip) => tip.map((v, i) => v + BEYOND * unit(tip)[i]));
  const [one, other] = tips.map(unit);
  const sum = [one[0] + other[0], one[1] + other[1]];
  if (Math.hypot(...sum) < 1) return points; // they point apart
  const across = unit([-sum[1], sum[0]]);
  const between = points[1].reduce((d, v, i) => d + (v - points[0][i]) * across[i], 0);
  const shift = (Math.max(0, APART - Math.abs(between)) / 2) * (between < 0 ? -1 : 1);
  return points.map((point, k) => point.map((v, i) => v + (k ? shift : -shift) * across[i]));
}

function arrow([dx, dy], [x, y], colour, name) {
  const [ux, uy] = unit([dx, dy]);
  const head = `${dx},${dy} ${dx - 9 * ux + 4 * uy},${dy - 9 * uy - 4 * ux} ${dx - 9 * ux - 4 * uy},${dy - 9 * uy + 4 * ux}`;
  return [
    svg("line", { x1: 0, y1: 0, x2: dx - 6 * ux, y2: dy - 6 * uy, stroke: ink(colour), "stroke-width": 2.5 }),
    svg("polygon", { points: head, fill: ink(colour) }),
    svg("text", { x, y: y + 4, fill: ink(colour), "font-size": 13, "font-style": "italic", "text-anchor": "middle" }, name),
  ];
}

/** A dial for each pair, with the rotated query and key as pointers. */
function dials(width, { q, k }) {
  const pairs = q.length / 2;
  const cell = Math.min(150, width / pairs);
  const radius = cell / 2 - 20;
  const node = svg("svg", { width: cell * pairs, height: cell + 14, "aria-hidden": "true" });
  for (let i = 0; i < pairs; i++) {
    const tip = (v) => [radius * v[2 * i], -radius * v[2 * i + 1]];
    const tips = [tip(k), tip(q)];
    const names = namesAt(tips);
    const group = svg("g", { transform: `translate(${cell * (i + 0.5)} ${cell / 2})` });
    group.append(svg("circle", { r: radius, fill: "none", stroke: ink("edge") }));
    group.append(...arrow(tips[0], names[0], KEY, "k"), ...arrow(tips[1], names[1], QUERY, "q"));
    group.append(svg("text", { y: cell / 2 + 10, fill: ink("quiet"), "font-size": 12, "text-anchor": "middle" }, `pair ${i + 1}`));
    node.append(group);
  }
  return node;
}

function scorePlot(payload, points, { width, height }, distance, value) {
  const largest = Math.max(...points.map(([, y]) => Math.abs(y)));
  const plot = new Plot({ width, height, x: [0, FURTHEST], y: [-largest * 1.1, largest * 1.15], xLabel: "distance of query and key (positions)", yLabel: "score" });
  plot.line([[0, 0], [FURTHEST, 0]], { colour: "edge", width: 1 });
  plot.line(points, { colour: "attention" });
  plot.dot(distance, value, { colour: "attention", r: 6 });
  return plot;
}

export default {
  title: "Rotary position embedding of a query and a key",
  fields: ({ start }) => ({
    position: integer(start.position, { min: 0, max: LAST, smooth: true }),
    distance: integer(start.distance, { min: 0, max: FURTHEST, smooth: true }),
  }),
  mount(frame, payload) {
    let plot = null;
    const points = curve(payload);
    const at = ({ position, distance }) => [distance, score(payload.q, payload.k, { query: position + distance, key: position }, payload.base)];
    frame.presets(payload.presets);
    frame.slider("position", "move both: position of the key");
    frame.slider("distance", "move the query: distance");
    frame.play({ field: "position", finished: ({ position }) => position >= LAST, pace: 350, label: "Both one further", auto: false });
    frame.handle({ label: "distance of query and key", plot: () => plot, at, move: ([distance]) => ({ distance: Math.round(distance) }), step: [1, 0], tell: ({ distance }) => `${distance} positions` });
    frame.onArrival([{ position: payload.start.position + 12 }], 2400);
    frame.onDraw((state) => {
      const { q, k, base } = payload;
      const turned = { q: rotate(q, state.position + state.distance, base), k: rotate(k, state.position, base) };
      const height = Math.max(130, frame.height - Math.min(150, frame.width / 4) - 20);
      plot = scorePlot(payload, points, { width: frame.width, height }, ...at(state));
      frame.stage.replaceChildren(html("div", { class: "ws-rope" }, dials(frame.width, turned)), plot.node);
      return told({ position: Math.round(state.position), distance: Math.round(state.distance) }, payload);
    });
  },
};
