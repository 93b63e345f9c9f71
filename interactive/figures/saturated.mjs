// One saturated neuron learns from one example, with two costs: saturation slows one of them.
import { DELTAS, trainOutputs } from "../core/backprop.mjs";
import { integer, number } from "../kit/fields.mjs";
import { Plot } from "../kit/plot.mjs";
import { html } from "../kit/svg.mjs";
import { counted, shown } from "../kit/words.mjs";

const WIDE = 520; // pixels from which the two plots fit side by side
const POINTS = 100;
const COLOURS = ["line-1", "line-2"];
const ROOM = [-0.03, 1.05];
const HALVES = [[0, "0"], [0.5, "½"], [1, "1"]];
const NAMES = [{ at: [0.667, 0.34], anchor: "middle" }, { at: [0.5, 0.57], anchor: "end" }]; // of the error's curves

/** The outputs that training with each cost gives, one more than the steps that are shown. */
export const runs = ({ costs, example, steps }, { w, b, learning_rate }) =>
  costs.map(({ name, cost }) => ({
    name,
    delta: DELTAS[cost],
    outputs: trainOutputs({ w, b }, example, { delta: DELTAS[cost], learning_rate, steps: steps + 1 }),
  }));

/** A small amount in two digits; what is smaller than a millionth is not told exactly. */
export function amount(v) {
  if (v === 0) return "nothing";
  if (v < 1e-6) return "less than a millionth";
  return v >= 0.1 ? shown(v) : shown(v, 1 - Math.floor(Math.log10(v)));
}

function ratio(slow, fast) {
  if (fast > 1e6 * slow || fast === 0) return "";
  const times = fast / slow;
  return `, ${shown(times, times < 10 ? 1 : 0)} times as much`;
}

function told(made, step, y) {
  const costs = made.map(({ name, outputs }) => ({ name, a: outputs[step], move: outputs[step] - outputs[step + 1] }));
  const [one, other] = costs;
  if (step === 0) {
    const moves = `${amount(one.move)} with ${one.name}, by ${amount(other.move)} with ${other.name}`;
    const now = `The output is ${shown(one.a, 3)}, and the target is ${y}.`;
    return `${now} The first step will lower it by ${moves}${ratio(one.move, other.move)}.`;
  }
  const each = costs.map(({ name, a, move }) => `${shown(a, 3)} with ${name} (next step: ${amount(move)})`);
  return `After ${counted(step, "step")} the output is ${each.join(", and ")}. The target is ${y}.`;
}

function outputPlot(made, step, width, steps) {
  const xTicks = [0, 0.25, 0.5, 0.75, 1].map((part) => [part * steps, String(part * steps)]);
  const plot = new Plot({
    width, height: 215, x: [-0.02 * steps, 1.02 * steps], y: ROOM, xLabel: "step", yLabel: "output", xTicks,
    yTicks: HALVES,
  });
  made.forEach(({ outputs }, i) => {
    const points = outputs.slice(0, steps + 1).map((a, t) => [t, a]);
    plot.line(points, { colour: COLOURS[i], width: 1.5, dash: "2 4" });
    plot.line(points.slice(0, step + 1), { colour: COLOURS[i], width: 2.5 });
  });
  made.forEach(({ outputs }, i) => plot.dot(step, outputs[step], { colour: COLOURS[i], r: 6 - i }));
  return plot.node;
}

function errorPlot(made, step, width, y) {
  const plot = new Plot({
    width, height: 215, x: [-0.02, 1.02], y: ROOM, xLabel: "output", yLabel: "error δ", xTicks: HALVES, yTicks: HALVES,
  });
  made.forEach(({ name, delta }, i) => {
    const points = Array.from({ length: POINTS + 1 }, (_, k) => [k / POINTS, delta(k / POINTS, y)]);
    plot.line(points, { colour: COLOURS[i], width: 1.5 });
    plot.label(...NAMES[i].at, name, { colour: COLOURS[i], anchor: NAMES[i].anchor, size: 12 });
  });
  made.forEach(({ delta, outputs }, i) => {
    plot.dot(outputs[step], delta(outputs[step], y), { colour: COLOURS[i], r: 6 - i });
  });
  return plot.node;
}

function heading({ name, delta, outputs }, step, y, i) {
  const a = outputs[step];
  const words = [html("b", {}, name), `: a = ${shown(a, 3)}, δ = ${amount(delta(a, y))}`];
  return html("p", { class: `ws-saturated-${i}` }, words);
}

export default {
  title: "One saturated neuron learns, with two costs",
  fields: ({ start, steps }) => ({
    step: integer(0, { min: 0, max: steps }),
    w: number(start.w, { min: -1000, max: 1000, soft: [-6, 6], step: 0.1, digits: 1 }),
    b: number(start.b, { min: -1000, max: 1000, soft: [-6, 6], step: 0.1, digits: 1 }),
    learning_rate: number(start.learning_rate, { min: 0.001, max: 100, soft: [0.01, 10], log: true }),
  }),
  mount(frame, payload) {
    const { steps, presets, example } = payload;
    const advance = () => frame.set({ step: frame.state.step + 1 });
    frame.player({ advance, finished: () => frame.state.step >= steps, pause: 80 });
    frame.button("Back to the start", () => frame.set({ step: 0 }));
    frame.slider("step", "step");
    frame.slider("w", "initial weight w");
    frame.slider("b", "initial bias b");
    frame.slider("learning_rate", "learning rate η");
    frame.presets(presets);
    frame.onDraw((state) => {
      const made = runs(payload, state);
      const columns = frame.width >= WIDE ? 2 : 1;
      const width = Math.floor((frame.width - 16 * (columns - 1)) / columns);
      const words = made.map((run, i) => heading(run, state.step, example.y, i));
      const plots = [outputPlot(made, state.step, width, steps), errorPlot(made, state.step, width, example.y)];
      frame.stage.replaceChildren(
        html("div", { class: "ws-saturated-now" }, words),
        html("div", { class: "ws-saturated-plots" }, plots),
      );
      return told(made, state.step, example.y);
    });
  },
};
