// One saturated neuron learns from one example, with two costs: saturation slows one of them.
import { DELTAS, trainOutputs } from "../core/backprop.mjs";
import { integer, number } from "../kit/fields.mjs";
import { ink, Plot } from "../kit/plot.mjs";
import { html } from "../kit/svg.mjs";
import { counted, shown } from "../kit/words.mjs";

const WIDE = 440; // pixels from which the two plots fit side by side
const POINTS = 100;
const COLOURS = ["series-2", "series-3"];
const DASHES = [null, "7 3"]; // a second cue beside the colour
const ROOM = [-0.05, 1.05]; // dots at the ends of the axes are seen whole
const HALVES = [[0, "0"], [0.5, "½"], [1, "1"]];
const NAMES = [{ at: [1, 0.36], anchor: "end" }, { at: [0.5, 0.57], anchor: "end" }]; // of the error's curves

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

/** The output after a step, which may lie between two. */
export function outputAt(outputs, step) {
  const [whole, rest] = [Math.floor(step), step % 1];
  return outputs[whole] + (rest ? rest * (outputs[whole + 1] - outputs[whole]) : 0);
}

function outputPlot(made, step, width, height, steps) {
  const xTicks = [0, 0.25, 0.5, 0.75, 1].map((part) => [part * steps, String(part * steps)]);
  const plot = new Plot({
    width, height, x: [-0.04 * steps, 1.04 * steps], y: ROOM, xLabel: "step", yLabel: "output", xTicks,
    yTicks: HALVES,
  });
  made.forEach(({ outputs }, i) => {
    const points = outputs.slice(0, steps + 1).map((a, t) => [t, a]);
    plot.line(points, { colour: COLOURS[i], width: 1, dash: "1 5" });
    plot.line([...points.slice(0, Math.floor(step) + 1), [step, outputAt(outputs, step)]], { colour: COLOURS[i], width: 2.5, dash: DASHES[i] });
  });
  made.forEach(({ outputs }, i) => plot.dot(step, outputAt(outputs, step), { colour: COLOURS[i], r: 6 - i, open: i === 1 }));
  return plot.node;
}

function errorPlot(made, step, width, height, y) {
  const plot = new Plot({
    width, height, x: [-0.04, 1.04], y: ROOM, xLabel: "output", yLabel: "error δ", xTicks: HALVES, yTicks: HALVES,
  });
  made.forEach(({ name, delta }, i) => {
    const points = Array.from({ length: POINTS + 1 }, (_, k) => [k / POINTS, delta(k / POINTS, y)]);
    plot.line(points, { colour: COLOURS[i], width: 1.5, dash: DASHES[i] });
    plot.label(...NAMES[i].at, name, { colour: COLOURS[i], anchor: NAMES[i].anchor, size: 12 });
  });
  made.forEach(({ delta, outputs }, i) => {
    const a = outputAt(outputs, step);
    plot.dot(a, delta(a, y), { colour: COLOURS[i], r: 6 - i, open: i === 1 });
  });
  return plot.node;
}

function heading({ name, delta, outputs }, step, y, i) {
  const a = outputAt(outputs, step);
  const words = [html("b", {}, name), `: a = ${shown(a, 3)}, δ = ${amount(delta(a, y))}`];
  const line = html("p", {}, words);
  line.style.color = ink(COLOURS[i]);
  return line;
}

export default {
  title: "One saturated neuron learns, with two costs",
  fields: ({ start, steps }) => ({
    step: integer(steps, { min: 0, max: steps, smooth: true }),
    w: number(start.w, { min: -1000, max: 1000, soft: [-6, 6], step: 0.1, digits: 1 }),
    b: number(start.b, { min: -1000, max: 1000, soft: [-6, 6], step: 0.1, digits: 1 }),
    learning_rate: number(start.learning_rate, { min: 0.001, max: 100, soft: [0.01, 10], log: true }),
  }),
  mount(frame, payload) {
    const { steps, presets, example } = payload;
    frame.play({ field: "step", finished: ({ step }) => step >= steps, pace: 45 });
    frame.presets(presets);
    frame.slider("step", "step");
    frame.slider("w", "initial weight w");
    frame.slider("b", "initial bias b");
    frame.slider("learning_rate", "learning rate η");
    frame.onArrival([{ step: 0 }], 3200);
    frame.onDraw((state) => {
      const made = runs(payload, state);
      const columns = frame.width >= WIDE ? 2 : 1;
      const width = Math.floor((frame.width - 16 * (columns - 1)) / columns);
      const words = made.map((run, i) => heading(run, state.step, example.y, i));
      const height = columns === 2 ? 240 : Math.round(frame.height / 2) - 20;
      const plots = [outputPlot(made, state.step, width, height, steps), errorPlot(made, state.step, width, height, example.y)];
      frame.stage.replaceChildren(
        html("div", { class: "ws-lanes" }, words),
        html("div", { class: "ws-lanes" }, plots),
      );
      return told(made, Math.floor(state.step), example.y);
    });
  },
};
