// Optimisers race through one ravine, each at the rate that suits it best, or a multiple of that.
import { descend, gradientDescent } from "../core/descent.mjs";
import { adam, momentum, rmsProp } from "../core/optimizers.mjs";
import { distance, ravineGradient, turned } from "../core/ravine.mjs";
import { integer, number } from "../kit/fields.mjs";
import { html } from "../kit/svg.mjs";
import { counted, shown } from "../kit/words.mjs";
import { lane } from "./race-lane.mjs";

const MAKERS = { GradientDescent: gradientDescent, Momentum: momentum, RmsProp: rmsProp, Adam: adam };
const NOTE =
  "The cross is the bottom. Its dashed arms are the axes of the parameters, and along these lie the rulers. " +
  "However the ravine is turned, it is drawn with its valley flat.";
const WIDE = 520; // pixels from which two lanes fit side by side

/** The walk of a kind of optimiser, `{ kind, …memory }`, at one rate. */
export const walk = ({ kind, ...memory }, rate, gradient, start, steps) =>
  descend(gradient, start, MAKERS[kind]({ rate, ...memory }), steps);

/** Of several rates the one that ends nearest to the bottom, the first among equals. */
export function bestRate(runner, rates, gradient, start, steps) {
  const ends = rates.map((rate) => distance(walk(runner, rate, gradient, start, steps).at(-1)));
  return rates[ends.indexOf(Math.min(...ends))];
}

/** The paths of all runners in the ravine of a state, in the directions of the valley. */
export function paths({ runners, start, rates, steps }, { kappa, angle, boldness }, tuned = {}) {
  const gradient = ravineGradient(kappa, angle);
  const from = turned(start, angle);
  const key = `${kappa} ${angle}`;
  if (tuned.key !== key) {
    const best = runners.map((runner) => bestRate(runner, rates, gradient, from, steps));
    Object.assign(tuned, { key, best });
  }
  return runners.map((runner, i) => {
    const rate = boldness * tuned.best[i];
    return { name: runner.name, rate, path: walk(runner, rate, gradient, from, steps).map((p) => turned(p, -angle)) };
  });
}

/** A distance in two digits, however small. */
export function far(d) {
  if (d < 1e-4) return "< 0.0001";
  if (d >= 1000 && d < 1e7) return shown(d, 0);
  return shown(d, d >= 0.1 ? 2 : Math.ceil(-Math.log10(d)) + 1);
}

const rateWords = (rate) => String(Number(rate.toPrecision(2)));

function told(runs, { step, boldness }, steps) {
  const rates = boldness === 1 ? "its best rate" : `${Number(boldness.toPrecision(3))} times its best rate`;
  if (step === 0) {
    const list = runs.map(({ name, rate }) => `${name} ${rateWords(rate)}`).join(", ");
    const now = `All stand ${far(distance(runs[0].path[0]))} from the bottom.`;
    return `${now} Which will be nearest after ${steps} steps? Each has ${rates}: ${list}.`;
  }
  const order = runs.map(({ name, path }) => ({ name, d: distance(path[step]) })).sort((a, b) => a.d - b.d);
  const list = order.map(({ name, d }) => `${name} (${far(d)})`).join(", ");
  const after = `After ${counted(step, "step")}`;
  return `${after}, from the nearest to the bottom to the farthest: ${list}. Each runs at ${rates}.`;
}

export default {
  title: "Four optimisers race through a ravine",
  fields: ({ steps, curvature }) => ({
    step: integer(0, { min: 0, max: steps }),
    kappa: number(curvature, { min: 1, max: 100, digits: 1, log: true }),
    angle: number(0, { min: 0, max: 90, step: 1, digits: 0 }),
    boldness: number(1, { min: 0.01, max: 100, soft: [0.1, 10], log: true }),
  }),
  mount(frame, payload) {
    const { steps, presets } = payload;
    const advance = () => frame.set({ step: frame.state.step + 1 });
    frame.player({ advance, finished: () => frame.state.step >= steps, pause: 180 });
    frame.button("Back to the start", () => frame.set({ step: 0 }));
    frame.slider("step", "step");
    frame.slider("kappa", "condition number κ");
    frame.slider("angle", "turned by (degrees)");
    frame.slider("boldness", "times the best rate");
    frame.presets(presets);
    const tuned = {}; // the best rates, as long as the ravine stays the same
    frame.onDraw((state) => {
      const runs = paths(payload, state, tuned);
      const columns = frame.width >= WIDE ? 2 : 1;
      const width = Math.floor((frame.width - 16 * (columns - 1)) / columns);
      const lanes = runs.map((run, i) => {
        const d = far(distance(run.path[state.step]));
        const words = html("p", {}, html("b", {}, run.name), ` rate ${rateWords(run.rate)}, ${d} away`);
        return html("div", { class: `ws-race-lane ws-race-${i}` }, words, lane(run.path, state, width, i));
      });
      const note = html("p", { class: "ws-race-note" }, NOTE);
      frame.stage.replaceChildren(html("div", { class: "ws-race-lanes" }, lanes), note);
      return told(runs, state, steps);
    });
  },
};
