// Optimisers race through one ravine, each with its best learning rate, or a multiple of that.
import { descend, gradientDescent } from "../core/descent.mjs";
import { adam, momentum, rmsprop } from "../core/optimizers.mjs";
import { distance, ravineGradient, rotate } from "../core/landscapes.mjs";
import { integer, number } from "../kit/fields.mjs";
import { html } from "../kit/svg.mjs";
import { counted, shown } from "../kit/words.mjs";
import { lane } from "./race-lane.mjs";

const MAKERS = { GradientDescent: gradientDescent, Momentum: momentum, RmsProp: rmsprop, Adam: adam };
const NOTE =
  "The cross is the minimum. Its dashed arms are the axes of the two parameters, and each gets a learning rate of its own in RMSprop and Adam. " +
  "However the ravine is rotated, it is drawn with its valley horizontal.";
const WIDE = 520; // pixels from which two lanes fit side by side

/** The path of an optimiser, `{ kind, …options }`, with one learning rate. */
export const pathOf = ({ kind, ...options }, learning_rate, gradient, start, steps) =>
  descend(gradient, start, MAKERS[kind]({ learning_rate, ...options }), steps);

/** Of several learning rates the one that ends nearest to the minimum, the first among equals. */
export function bestRate(runner, learning_rates, gradient, start, steps) {
  const ends = learning_rates.map((rate) => distance(pathOf(runner, rate, gradient, start, steps).at(-1)));
  return learning_rates[ends.indexOf(Math.min(...ends))];
}

/** The paths of all runners in the ravine of a state, in the directions of the valley. */
export function paths({ runners, start, learning_rates, steps }, { condition_number, angle, factor }, tuned = {}) {
  const gradient = ravineGradient(condition_number, angle);
  const from = rotate(start, angle);
  const key = `${condition_number} ${angle}`;
  if (tuned.key !== key) {
    const best = runners.map((runner) => bestRate(runner, learning_rates, gradient, from, steps));
    Object.assign(tuned, { key, best });
  }
  return runners.map((runner, i) => {
    const rate = factor * tuned.best[i];
    return { name: runner.name, rate, path: pathOf(runner, rate, gradient, from, steps).map((p) => rotate(p, -angle)) };
  });
}

/** A distance in two digits, however small. */
export function far(d) {
  if (d < 1e-4) return "< 0.0001";
  if (d >= 1000 && d < 1e7) return shown(d, 0);
  return shown(d, d >= 0.1 ? 2 : Math.ceil(-Math.log10(d)) + 1);
}

const rateWords = (rate) => String(Number(rate.toPrecision(2)));

function told(runs, { step, factor }, steps) {
  const rates = factor === 1 ? "its best learning rate" : `${Number(factor.toPrecision(3))} times its best learning rate`;
  if (step === 0) {
    const list = runs.map(({ name, rate }) => `${name} ${rateWords(rate)}`).join(", ");
    const now = `All start ${far(distance(runs[0].path[0]))} from the minimum.`;
    return `${now} Which will be nearest after ${steps} steps? Each has ${rates}: ${list}.`;
  }
  const order = runs.map(({ name, path }) => ({ name, d: distance(path[step]) })).sort((a, b) => a.d - b.d);
  const list = order.map(({ name, d }) => `${name} (${far(d)})`).join(", ");
  const after = `After ${counted(step, "step")}`;
  return `${after}, from the nearest to the minimum to the farthest: ${list}. Each has ${rates}.`;
}

export default {
  title: "Four optimisers race through a ravine",
  fields: ({ steps, curvature }) => ({
    step: integer(0, { min: 0, max: steps }),
    condition_number: number(curvature, { min: 1, max: 100, digits: 1, log: true }),
    angle: number(0, { min: 0, max: 90, step: 1, digits: 0 }),
    factor: number(1, { min: 0.01, max: 100, soft: [0.1, 10], log: true }),
  }),
  mount(frame, payload) {
    const { steps, presets } = payload;
    const advance = () => frame.set({ step: frame.state.step + 1 });
    frame.player({ advance, finished: () => frame.state.step >= steps, pause: 180 });
    frame.button("Back to the start", () => frame.set({ step: 0 }));
    frame.slider("step", "step");
    frame.slider("condition_number", "condition number κ");
    frame.slider("angle", "rotated by (degrees)");
    frame.slider("factor", "times the best learning rate");
    frame.presets(presets);
    const tuned = {}; // the best rates, as long as the ravine stays the same
    frame.onDraw((state) => {
      const runs = paths(payload, state, tuned);
      const columns = frame.width >= WIDE ? 2 : 1;
      const width = Math.floor((frame.width - 16 * (columns - 1)) / columns);
      const lanes = runs.map((run, i) => {
        const d = far(distance(run.path[state.step]));
        const words = html("p", {}, html("b", {}, run.name), ` η = ${rateWords(run.rate)}, ${d} away`);
        return html("div", { class: `ws-race-lane ws-race-${i}` }, words, lane(run.path, state, width, i));
      });
      const note = html("p", { class: "ws-race-note" }, NOTE);
      frame.stage.replaceChildren(html("div", { class: "ws-race-lanes" }, lanes), note);
      return told(runs, state, steps);
    });
  },
};
