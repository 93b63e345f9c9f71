// A small change of the weight travels along four number lines to the cost.
import { derivatives, lastNeuron, product } from "../core/chain.mjs";
import { number } from "../kit/fields.mjs";
import { ink } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";
import { brief, shown } from "../kit/words.mjs";

const LINES = [["w", [-8, 8], 2], ["z", [-12, 12], 2], ["a", [0, 1], 3], ["C", [0, 1], 3]];
const TOP = 40;
const EDGE = { left: 24, right: 78 };

const clamp = (v, [low, high]) => Math.max(low, Math.min(high, v));
const write = (x, y, words, more = {}) => svg("text", { x, y, "font-size": 13, fill: ink("ink"), ...more }, words);

/** Four number lines, one below the other; points are dragged along the first. */
class Lines {
  constructor(width, height) {
    Object.assign(this, { width, row: (height - TOP - 24) / 3, x: LINES[0][1], y: [0, 0] });
    this.end = width - EDGE.right;
    this.node = svg("svg", { width, height, "aria-hidden": "true" });
  }

  at(value, [low, high]) {
    return EDGE.left + ((clamp(value, [low, high]) - low) / (high - low)) * (this.end - EDGE.left);
  }

  under(event) {
    const box = this.node.getBoundingClientRect();
    const [low, high] = this.x;
    return [low + ((event.clientX - box.left - EDGE.left) / (this.end - EDGE.left)) * (high - low), 0];
  }

  pixels([x], box) {
    const [own, outer] = [this.node.getBoundingClientRect(), box.getBoundingClientRect()];
    return [own.left - outer.left + this.at(x, this.x), own.top - outer.top + TOP];
  }

  draw(i, value, changed) {
    const [name, range, digits] = LINES[i];
    const y = TOP + i * this.row;
    const [from, to] = [this.at(value, range), this.at(changed, range)];
    const change = changed - value;
    this.node.append(
      write(0, y + 5, name, { "font-style": "italic", "font-size": 16 }),
      svg("line", { x1: EDGE.left, x2: this.end, y1: y, y2: y, stroke: ink("edge") }),
      ...range.map((v) => write(this.at(v, range), y + 18, shown(v, 0), { "text-anchor": "middle", "font-size": 12, fill: ink("quiet") })),
      svg("line", { x1: from, x2: to, y1: y, y2: y, stroke: ink("gradient"), "stroke-width": 6 }),
      svg("circle", { cx: from, cy: y, r: 6, fill: ink("activation") }),
      svg("circle", { cx: to, cy: y, r: 7, fill: "none", stroke: ink("gradient"), "stroke-width": 2.5 }),
      write(this.end + 12, y - 2, shown(value, digits)),
      write(this.end + 12, y + 15, `${change < 0 ? "" : "+"}${shown(change, digits + 1)}`, { fill: ink("gradient"), "font-weight": 600 }),
    );
  }

  // an arrow to the next line, as thick as the derivative is large
  arrow(i, name, derivative) {
    const [x, y] = [(EDGE.left + this.end) / 2 - 62, TOP + i * this.row + 14];
    const [tip, half] = [y + this.row - 26, 1 + Math.min(5, 4 * Math.abs(derivative))];
    const d = `M${x - half} ${y}H${x + half}V${tip - 9}H${x + half + 5}L${x} ${tip}L${x - half - 5} ${tip - 9}H${x - half}z`;
    this.node.append(svg("path", { d, fill: ink("gradient") }), write(x + 16, (y + tip) / 2 + 4, `${name} = ${shown(derivative, 3)}`, { fill: ink("gradient") }));
  }
}

function told({ nudge }, values, changed, factors) {
  const derivative = product(factors);
  const [predicted, measured] = [derivative * nudge, changed[3] - values[3]];
  if (nudge === 0) return `∂C/∂w, the product of the three derivatives, is ${shown(derivative, 4)}. Change w, and C changes.`;
  const way = nudge < 0 ? "Lower" : "Raise";
  return `${way} w by ${brief(Math.abs(nudge))}: ∂C/∂w, the product of the three derivatives, is ${shown(derivative, 4)}, which predicts a change of C by ${shown(predicted, 4)}. C changes by ${shown(measured, 4)}.`;
}

function handles(frame, lines) {
  frame.handle({
    label: "weight w", plot: lines, at: ({ w }) => [w, 0], step: [0.05, 0], move: ([w]) => ({ w }), tell: ({ w }) => shown(w),
  });
  frame.handle({
    label: "changed weight", tag: "drag me", above: 24, plot: lines, step: [0.05, 0], at: ({ w, nudge }) => (nudge === 0 ? null : [clamp(w + nudge, LINES[0][1]), 0]),
    move: ([v]) => ({ nudge: v - frame.state.w }), tell: ({ nudge }) => `change ${shown(nudge)}`,
  });
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
    let lines;
    frame.presets(presets);
    frame.slider("nudge", "change of w");
    frame.slider("w", "weight w");
    frame.slider("b", "bias b");
    frame.slider("a_prev", "previous activation");
    frame.slider("y", "target y");
    handles(frame, () => lines);
    frame.onArrival([{ nudge: 0 }, { nudge: 1.5 }, { nudge: -2 }], 900);
    frame.onDraw((state) => {
      const values = lastNeuron(state);
      const changed = lastNeuron({ ...state, w: state.w + state.nudge });
      const factors = derivatives(state);
      lines = new Lines(frame.width, Math.min(frame.height, 330));
      ["∂z/∂w", "∂a/∂z", "∂C/∂a"].forEach((name, i) => lines.arrow(i, name, factors[i]));
      LINES.forEach((_, i) => lines.draw(i, values[i], changed[i]));
      frame.stage.replaceChildren(lines.node);
      return told(state, values, changed, factors);
    });
  },
};
