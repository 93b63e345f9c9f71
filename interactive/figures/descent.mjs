// Gradient descent on a landscape with two minima: drag the start, choose a learning rate, watch.
import { gradientDescent } from "../core/descent.mjs";
import { TWO_MINIMA } from "../core/landscapes.mjs";
import { integer, number } from "../kit/fields.mjs";
import { Plot } from "../kit/plot.mjs";
import { html } from "../kit/svg.mjs";
import { brief, counted, shown } from "../kit/words.mjs";
import { terrain } from "./descent-terrain.mjs";

const REACH = 2.4; // of the map, upwards and downwards
const STEPS = 40;
const FAR = 1e6; // a path that has come so far is cut
const NEAR = 0.35; // to a minimum: at it
const FLAT = 1e-3; // a gradient norm below which the path has converged
const COSTS = [-1.6, 1.4]; // what the plot of the cost shows

/** The points of `steps` steps of gradient descent, the start first; cut where it diverges. */
export function pathOf(start, learning_rate, steps) {
  const path = [start];
  const step = gradientDescent({ learning_rate });
  while (path.length <= steps && Math.hypot(...path.at(-1)) <= FAR) path.push(step(path.at(-1), TWO_MINIMA.gradient(path.at(-1))));
  return path;
}

/** The path up to a step, which may lie between two points. */
export function pathUpTo(path, steps) {
  const whole = Math.min(Math.floor(steps), path.length - 1);
  const done = path.slice(0, whole + 1);
  const [from, to] = [path[whole], path[whole + 1]];
  const rest = steps - whole;
  return to && rest > 0 ? [...done, from.map((v, i) => v + rest * (to[i] - v))] : done;
}

/** Whether forty steps from the start of a state leave all bounds. */
export const diverges = ({ x, y, learning_rate }) => Math.hypot(...pathOf([x, y], learning_rate, STEPS).at(-1)) > FAR;

/** At which minimum a point is: 0, 1, or -1 for none. */
export const minimumOf = ([x, y]) => TWO_MINIMA.minima.findIndex(([mx, my]) => Math.hypot(x - mx, y - my) < NEAR);

function told({ learning_rate, steps, x, y }, path, usual) {
  const end = path.at(-1);
  const taken = path.length - 1;
  const after = `After ${counted(taken, "step")} with η = ${brief(learning_rate)} from (${shown(x)}, ${shown(y)})`;
  if (Math.hypot(...end) > FAR) return `${after} gradient descent has left all bounds: it diverges. A click on the map starts again with η = ${brief(usual)}.`;
  const norm = Math.hypot(...TWO_MINIMA.gradient(end));
  const now = `${after}: f = ${shown(TWO_MINIMA.value(end))} at (${shown(end[0])}, ${shown(end[1])}), gradient norm ${shown(norm, 3)}.`;
  const minimum = minimumOf(end);
  if (norm < FLAT && minimum >= 0) return `${now} It has converged to the ${minimum ? "deeper" : "shallower"} minimum.`;
  if (Math.abs(end[1]) > REACH) return `${now} That is off the map.`;
  return steps >= STEPS ? `${now} It has not converged.` : now;
}

function draw(plot, path, last, ghost) {
  if (ghost) plot.line(ghost, { colour: "gradient", width: 1.2, dash: "2 4" });
  const done = pathUpTo(path, last);
  plot.line(done, { colour: "gradient", width: 2.2 });
  done.slice(1).forEach(([x, y]) => plot.dot(x, y, { colour: "gradient", r: 2.6 }));
  plot.dot(...done.at(-1), { colour: "gradient", r: 6, open: true });
  TWO_MINIMA.minima.forEach(([x, y], i) => plot.label(x, y, i ? "deeper" : "shallower", { anchor: "middle", dy: 26, size: 12, colour: "quiet" }));
}

function costPlot(path, last, width) {
  const plot = new Plot({
    width, height: 120, x: [0, STEPS], y: COSTS, xTicks: [[0, "0"], [STEPS, `step ${STEPS}`]], yTicks: [[-1, "−1"], [0, "0"], [1, "1"]], edge: { left: 36, bottom: 22, right: 24 }, yLabel: "f",
  });
  plot.line(pathUpTo(path.map((point, i) => [i, TWO_MINIMA.value(point)]), last), { colour: "gradient" });
  return plot.node;
}

export default {
  title: "Gradient descent on a landscape with two minima",
  fields: ({ start }) => ({
    learning_rate: number(start.learning_rate, { min: 0, max: 1e6, soft: [0.01, 30], digits: 3, log: true }),
    steps: integer(start.steps, { min: 0, max: STEPS, smooth: true }),
    x: number(start.x, { min: -REACH, max: REACH, step: 0.05 }),
    y: number(start.y, { min: -REACH, max: REACH, step: 0.05 }),
  }),
  mount(frame, { presets }) {
    let [plot, before] = [null, null]; // the state when the reader last took hold of the figure
    const costs = html("div", { "aria-hidden": "true" });
    for (const kind of ["pointerdown", "keydown"]) frame.root.addEventListener(kind, () => (before = frame.state), { capture: true });
    frame.stage.classList.add("ws-press");
    frame.stage.addEventListener("click", (event) => {
      const at = plot?.at(event);
      const { learning_rate } = diverges(frame.state) ? frame.start : frame.state; // a new start alone would diverge, too
      if (at) frame.set({ x: at[0].toFixed(2), y: at[1].toFixed(2), learning_rate, steps: STEPS });
    });
    frame.presets(presets);
    frame.slider("learning_rate", "learning rate η", () => ({ steps: STEPS }));
    frame.slider("x", "start x₁", () => ({ steps: STEPS }));
    frame.slider("y", "start x₂", () => ({ steps: STEPS }));
    frame.controls.append(costs);
    frame.play({ field: "steps", finished: ({ steps }) => steps >= STEPS, pace: 70 });
    frame.handle({
      label: "start of the path", tag: "drag me", plot: () => plot, at: ({ x, y }) => [x, y], step: [0.05, 0.05],
      move: ([x, y]) => ({ x: x.toFixed(2), y: y.toFixed(2), steps: STEPS }),
      tell: ({ x, y }) => `x₁ = ${shown(x)}, x₂ = ${shown(y)}`,
    });
    frame.onArrival([{ steps: 0 }], 2400);
    frame.onDraw((state) => {
      const whole = pathOf([state.x, state.y], state.learning_rate, STEPS);
      const old = before && !["x", "y", "learning_rate"].every((key) => before[key] === state[key]);
      const ghost = old ? pathOf([before.x, before.y], before.learning_rate, before.steps) : null;
      const [width, height] = [frame.width, Math.min(frame.height, Math.round(0.85 * frame.width))];
      const [across, beside] = [(REACH * width) / height, Math.max(180, costs.clientWidth)]; // read before anything is drawn
      if (plot?.width !== width || plot.height !== height) {
        plot = new Plot({ width, height, x: [-across, across], y: [-REACH, REACH], xTicks: [], yTicks: [], bare: true });
        plot.marks.append(terrain(plot)); // the same for all states
        frame.stage.replaceChildren(plot.node);
      }
      plot.clear(1);
      draw(plot, whole, state.steps, ghost);
      plot.label(-across, REACH, "↑ x₂", { dx: 8, dy: 16, size: 12, colour: "quiet" });
      plot.label(across, -REACH, "x₁ →", { dx: -8, dy: -8, size: 12, colour: "quiet", anchor: "end" });
      costs.replaceChildren(costPlot(whole, state.steps, beside));
      return told(state, whole.slice(0, Math.floor(state.steps) + 1), frame.start.learning_rate);
    });
  },
};
