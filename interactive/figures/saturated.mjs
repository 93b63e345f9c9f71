// One neuron unlearns a wrong answer, under two costs: how sure it is mutes one of them.
import { ERRORS, learn } from "../core/one-neuron.mjs";
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

/** What each cost makes of a start: its outputs, one more than the steps that are shown. */
export const runs = ({ costs, example, steps }, { w, b, rate }) =>
  costs.map(({ name, error }) => ({
    name,
    error: ERRORS[error],
    outputs: learn({ w, b }, example, { error: ERRORS[error], rate, steps: steps + 1 }),
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
  return `, ${shown(times, times < 10 ? 1 : 0)} times as far`;
}

function told(made, step, y) {
  const costs = made.map(({ name, outputs }) => ({ name, a: outputs[step], move: outputs[step] - outputs[step + 1] }));
  const [one, other] = costs;
  if (step === 0) {
    const moves = `${amount(one.move)} under ${one.name}, by ${amount(other.move)} under ${other.name}`;
    const now = `The neuron says ${shown(one.a, 3)}, and wanted is ${y}.`;
    return `${now} Its first step will move it by ${moves}${ratio(one.move, other.move)}.`;
  }
  const each = costs.map(({ name, a, move }) => `${shown(a, 3)} under ${name} (next step: ${amount(move)})`);
  return `After ${counted(step, "step")} the neuron says ${each.join(", and ")}. Wanted is ${y}.`;
}

function outputPlot(made, step, width, steps) {
  const xTicks = [0, 0.25, 0.5, 0.75, 1].map((share) => [share * steps, String(share * steps)]);
  const plot = new Plot({
    width, height: 215, x: [-0.02 * steps, 1.02 * steps], y: ROOM, xLabel: "step", yLabel: "output", xTicks,
    yTicks: HALVES,
  });
  made.forEach(({ outputs }, i) => {
    const places = outputs.slice(0, steps + 1).map((a, t) => [t, a]);
    plot.line(places, { colour: COLOURS[i], width: 1.5, dash: "2 4" });
    plot.line(places.slice(0, step + 1), { colour: COLOURS[i], width: 2.5 });
  });
  made.forEach(({ outputs }, i) => plot.dot(step, outputs[step], { colour: COLOURS[i], r: 6 - i }));
  return plot.node;
}

function errorPlot(made, step, width, y) {
  const plot = new Plot({
    width, height: 215, x: [-0.02, 1.02], y: ROOM, xLabel: "output", yLabel: "error δ", xTicks: HALVES, yTicks: HALVES,
  });
  made.forEach(({ name, error }, i) => {
    const places = Array.from({ length: POINTS + 1 }, (_, k) => [k / POINTS, error(k / POINTS, y)]);
    plot.line(places, { colour: COLOURS[i], width: 1.5 });
    plot.label(...NAMES[i].at, name, { colour: COLOURS[i], anchor: NAMES[i].anchor, size: 12 });
  });
  made.forEach(({ error, outputs }, i) => {
    plot.dot(outputs[step], error(outputs[step], y), { colour: COLOURS[i], r: 6 - i });
  });
  return plot.node;
}

function heading({ name, error, outputs }, step, y, i) {
  const a = outputs[step];
  const words = [html("b", {}, name), `: a = ${shown(a, 3)}, δ = ${amount(error(a, y))}`];
  return html("p", { class: `ws-saturated-${i}` }, words);
}

export default {
  title: "One neuron unlearns a wrong answer, under two costs",
  fields: ({ start, steps }) => ({
    step: integer(0, { min: 0, max: steps }),
    w: number(start.w, { min: -1000, max: 1000, soft: [-6, 6], step: 0.1, digits: 1 }),
    b: number(start.b, { min: -1000, max: 1000, soft: [-6, 6], step: 0.1, digits: 1 }),
    rate: number(start.rate, { min: 0.001, max: 100, soft: [0.01, 10], log: true }),
  }),
  mount(frame, payload) {
    const { steps, presets, example } = payload;
    const advance = () => frame.set({ step: frame.state.step + 1 });
    frame.player({ advance, finished: () => frame.state.step >= steps, pause: 80 });
    frame.button("Back to the start", () => frame.set({ step: 0 }));
    frame.slider("step", "step");
    frame.slider("w", "weight w at the start");
    frame.slider("b", "bias b at the start");
    frame.slider("rate", "learning rate");
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
