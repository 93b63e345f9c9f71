// Optimisers race through one ravine, each with the best of some learning rates, or a multiple of that.
import { descend, gradientDescent } from "../core/descent.mjs";
import { adam, momentum, rmsprop } from "../core/optimizers.mjs";
import { distance, ravineGradient, rotate } from "../core/landscapes.mjs";
import { integer, number } from "../kit/fields.mjs";
import { ink } from "../kit/plot.mjs";
import { html } from "../kit/svg.mjs";
import { counted, shown } from "../kit/words.mjs";
import { COLOURS, distances, map, NEAREST } from "./race-lane.mjs";

const MAKERS = { GradientDescent: gradientDescent, Momentum: momentum, RMSprop: rmsprop, Adam: adam };
const NOTE = "The minimum is where the dashed axes of the two parameters cross. However the ravine is rotated, its valley is drawn horizontal.";
const WIDE = 440; // pixels from which two maps fit side by side

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
  if (d < NEAREST) return `< ${shown(NEAREST, 6)}`;
  if (d >= 1000 && d < 1e7) return shown(d, 0);
  return shown(d, d >= 0.1 ? 2 : Math.ceil(-Math.log10(d)) + 1);
}

const rateWords = (rate) => String(Number(rate.toPrecision(2)));

function told(runs, { step, factor }, { steps, learning_rates }) {
  const best = `the best of ${learning_rates.length} learning rates`;
  const rates = factor === 1 ? best : `${Number(factor.toPrecision(3))} times ${best}`;
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

// a map for each optimiser where there is room, one for all where there is none
function maps(frame, runs, state) {
  if (frame.width < WIDE) return map(runs, state, frame.width);
  const width = Math.floor((frame.width - 16) / 2);
  const lanes = runs.map((run) => {
    const name = html("b", {}, run.name);
    name.style.color = ink(COLOURS[run.i]);
    const away = far(distance(run.path[Math.floor(state.step)]));
    return html("div", {}, html("p", {}, name, ` η = ${rateWords(run.rate)}, ${away} away`), map([run], state, width));
  });
  return html("div", { class: "ws-lanes" }, lanes);
}

export default {
  title: "Four optimisers race through a ravine",
  fields: ({ steps, curvature }) => ({
    step: integer(steps, { min: 0, max: steps, smooth: true }),
    condition_number: number(curvature, { min: 1, max: 100, digits: 1, log: true }),
    angle: number(0, { min: 0, max: 90, step: 1, digits: 0 }),
    factor: number(1, { min: 0.01, max: 100, soft: [0.1, 10], log: true }),
  }),
  mount(frame, payload) {
    const { steps, presets } = payload;
    const tuned = {}; // the best rates, as long as the ravine stays the same
    frame.presets(presets);
    frame.play({ field: "step", finished: ({ step }) => step >= steps, pace: 110 });
    frame.slider("step", "step");
    frame.slider("condition_number", "condition number κ");
    frame.slider("angle", "rotated by (degrees)");
    frame.slider("factor", "times the best rate tried");
    frame.controls.append(html("p", { class: "ws-note" }, NOTE));
    frame.onArrival([{ step: 0 }], 4000);
    frame.onDraw((state) => {
      const runs = paths(payload, state, tuned).map((run, i) => ({ ...run, i }));
      const plot = distances(runs, state.step, steps, frame.width, frame.width < WIDE ? 190 : 200);
      frame.stage.replaceChildren(maps(frame, runs, state), plot);
      return told(runs, { ...state, step: Math.floor(state.step) }, payload);
    });
  },
};
