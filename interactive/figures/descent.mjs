// Gradient descent on a landscape with two minima: choose a start and a learning rate, then step.
import { contour } from "../core/contours.mjs";
import { gradientDescent } from "../core/descent.mjs";
import { TWO_MINIMA } from "../core/landscapes.mjs";
import { integer, number } from "../kit/fields.mjs";
import { ink, Plot } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";
import { counted, shown } from "../kit/words.mjs";

const REACH = 2.4;
const MOST = 200; // steps
const FAR = 1e6; // a path that has come so far is cut
const LEVELS = Array.from({ length: 14 }, (_, i) => -1.4 + 0.2 * i);
const NEAR = 0.35; // to a minimum: at it
const FLAT = 1e-3; // a gradient norm below which the path has converged

const lines = LEVELS.map((level) => contour(TWO_MINIMA.value, level, REACH, 48));

/** The points of `steps` steps of gradient descent, the start first; cut where it diverges. */
export function pathOf(start, learning_rate, steps) {
  const path = [start];
  const step = gradientDescent({ learning_rate });
  while (path.length <= steps && Math.hypot(...path.at(-1)) <= FAR) path.push(step(path.at(-1), TWO_MINIMA.gradient(path.at(-1))));
  return path;
}

/** At which minimum a point is: 0, 1, or -1 for none. */
export const minimumOf = ([x, y]) => TWO_MINIMA.minima.findIndex(([mx, my]) => Math.hypot(x - mx, y - my) < NEAR);

function told({ learning_rate, steps }, path) {
  const [x, y] = path.at(-1);
  const norm = Math.hypot(...TWO_MINIMA.gradient([x, y]));
  const taken = path.length - 1;
  if (Math.hypot(x, y) > FAR) return `With η = ${shown(learning_rate, 3)} gradient descent diverges: after ${taken} steps it has left all bounds.`;
  const now = `After ${counted(taken, "step")} with η = ${shown(learning_rate, 3)}: point (${shown(x)}, ${shown(y)}), f = ${shown(TWO_MINIMA.value([x, y]))}, gradient norm ${shown(norm, 3)}.`;
  const minimum = minimumOf([x, y]);
  if (norm < FLAT && minimum >= 0) return `${now} It has converged to the ${minimum ? "deeper" : "shallower"} minimum.`;
  if (Math.max(Math.abs(x), Math.abs(y)) > REACH) return `${now} That is off the map.`;
  return steps >= MOST ? `${now} It has not converged.` : now;
}

function contours(plot) {
  const path = lines
    .flat()
    .map(([[a, b], [c, d]]) => `M${plot.scaleX(a).toFixed(1)} ${plot.scaleY(b).toFixed(1)}L${plot.scaleX(c).toFixed(1)} ${plot.scaleY(d).toFixed(1)}`)
    .join("");
  plot.marks.append(svg("path", { d: path, fill: "none", stroke: ink("quiet"), "stroke-opacity": 0.6 }));
}

function draw(plot, path) {
  contours(plot);
  plot.line(path, { colour: "gradient", width: 1.5 });
  path.forEach(([x, y], i) => plot.dot(x, y, { colour: "gradient", r: i === path.length - 1 ? 6 : 3 }));
  plot.dot(...path[0], { colour: "ink", r: 6, open: true });
  plot.label(...path[0], "start", { dx: 9, dy: -6 });
  TWO_MINIMA.minima.forEach(([x, y], i) => plot.label(x, y, i ? "deeper" : "shallower", { anchor: "middle", dy: 24, colour: "quiet" }));
}

export default {
  title: "Gradient descent on a landscape with two minima",
  fields: ({ start }) => ({
    learning_rate: number(start.learning_rate, { min: 0, max: 1e6, soft: [0.01, 10], digits: 3, log: true }),
    steps: integer(start.steps, { min: 0, max: MOST }),
    x: number(start.x, { min: -REACH, max: REACH, step: 0.05 }),
    y: number(start.y, { min: -REACH, max: REACH, step: 0.05 }),
  }),
  mount(frame, { presets }) {
    let plot;
    frame.stage.addEventListener("click", (event) => {
      const at = plot?.at(event);
      if (at) frame.set({ x: at[0].toFixed(2), y: at[1].toFixed(2), steps: 0 });
    });
    frame.stage.classList.add("ws-press");
    frame.slider("learning_rate", "learning rate η");
    frame.player({ advance: () => frame.set({ steps: frame.state.steps + 1 }), finished: () => frame.state.steps >= MOST, pause: 180 });
    frame.slider("x", "start, across");
    frame.slider("y", "start, up");
    frame.presets(presets);
    frame.onDraw((state) => {
      const path = pathOf([state.x, state.y], state.learning_rate, state.steps);
      const size = Math.min(frame.width, 420);
      plot = new Plot({ width: size, height: size - 6, x: [-REACH, REACH], y: [-REACH, REACH], xLabel: "x₁", yLabel: "x₂", xTicks: [], yTicks: [], edge: { left: 24, bottom: 22 } });
      draw(plot, path);
      frame.stage.replaceChildren(plot.node);
      return told(state, path);
    });
  },
};
