// A small change of the weight travels along four number lines to the cost.
import { derivatives, lastNeuron, product } from "../core/chain.mjs";
import { number } from "../kit/fields.mjs";
import { ink } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";
import { brief, shown } from "../kit/words.mjs";

const LINES = [["w", [-6, 6], 2], ["z", [-6, 6], 2], ["a", [0, 1], 3], ["C", [0, 1], 3]];
const ROW = 62;
const TOP = 26;
const EDGE = { left: 22, right: 84 };
const WIDE = 620;

const clamp = (v, [low, high]) => Math.max(low, Math.min(high, v));
const write = (x, y, words, more = {}) => svg("text", { x, y, "font-size": 13, fill: ink("ink"), ...more }, words);

function line([name, range, digits], value, nudged, y, width) {
  const end = width - EDGE.right;
  const at = (v) => EDGE.left + ((clamp(v, range) - range[0]) / (range[1] - range[0])) * (end - EDGE.left);
  const move = nudged - value;
  return [
    write(0, y + 5, name, { "font-style": "italic", "font-size": 16 }),
    svg("line", { x1: EDGE.left, x2: end, y1: y, y2: y, stroke: ink("quiet") }),
    ...range.map((v) => write(at(v), y + 18, shown(v, 0), { "text-anchor": "middle", "font-size": 12 })),
    svg("line", { x1: at(value), x2: at(nudged), y1: y, y2: y, stroke: ink("gradient"), "stroke-width": 5 }),
    svg("circle", { cx: at(value), cy: y, r: 6, fill: ink("activation") }),
    svg("circle", { cx: at(nudged), cy: y, r: 6, fill: "none", stroke: ink("gradient"), "stroke-width": 2 }),
    write(end + 12, y - 2, shown(value, digits)),
    write(end + 12, y + 15, `${move < 0 ? "" : "+"}${shown(move, digits + 1)}`, { fill: ink("gradient") }),
  ];
}

function drawing(values, nudged, factors, available) {
  const width = Math.min(available, WIDE);
  const node = svg("svg", { width, height: TOP + 3 * ROW + 28, "aria-hidden": "true" });
  const middle = (EDGE.left + width - EDGE.right) / 2;
  LINES.forEach((spec, i) => {
    node.append(...line(spec, values[i], nudged[i], TOP + i * ROW, width));
    if (i < 3) node.append(write(middle, TOP + (i + 0.5) * ROW + 7, `↓ × ${shown(factors[i], 3)}`, { fill: ink("gradient"), "text-anchor": "middle" }));
  });
  return node;
}

function told({ nudge }, values, nudged, factors) {
  const derivative = product(factors);
  const [predicted, measured] = [derivative * nudge, nudged[3] - values[3]];
  if (nudge === 0) return `∂C/∂w, the product of the three derivatives, is ${shown(derivative, 4)}. Change w, and C changes.`;
  const way = nudge < 0 ? "Lower" : "Raise";
  return `${way} w by ${brief(Math.abs(nudge))}: ∂C/∂w, the product of the three derivatives, is ${shown(derivative, 4)}, which predicts a change of C by ${shown(predicted, 4)}. C changes by ${shown(measured, 4)}.`;
}

export default {
  title: "The chain rule: a change of one weight on its way to the cost",
  fields: ({ start }) => ({
    nudge: number(start.nudge, { min: -12, max: 12, soft: [-2, 2], step: 0.01 }),
    w: number(start.w, { min: -6, max: 6, step: 0.05 }),
    b: number(start.b, { min: -6, max: 6, step: 0.05 }),
    a_prev: number(start.a_prev, { min: 0, max: 1, step: 0.01 }),
    y: number(start.y, { min: 0, max: 1, step: 0.01 }),
  }),
  mount(frame, { presets }) {
    frame.slider("nudge", "change of w");
    frame.slider("w", "weight w");
    frame.slider("b", "bias b");
    frame.slider("a_prev", "previous activation");
    frame.slider("y", "target y");
    frame.presets(presets);
    frame.onDraw((state) => {
      const values = lastNeuron(state);
      const nudged = lastNeuron({ ...state, w: state.w + state.nudge });
      const factors = derivatives(state);
      frame.stage.replaceChildren(drawing(values, nudged, factors, frame.width));
      return told(state, values, nudged, factors);
    });
  },
};
