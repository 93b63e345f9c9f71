// Gradient descent on a map with two hollows: choose a start and a learning rate, then step.
import { gradientDescent } from "../core/descent.mjs";
import { gradient, height, hollows, levelLines } from "../core/hollows.mjs";
import { integer, number } from "../kit/fields.mjs";
import { ink, Plot } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";
import { counted, shown } from "../kit/words.mjs";

const REACH = 2.4;
const MOST = 200; // steps
const FAR = 1e6; // a walk that has come so far is not followed any further
const LEVELS = Array.from({ length: 14 }, (_, i) => -1.4 + 0.2 * i);
const NEAR = 0.35; // from the middle of a hollow: in it
const FLAT = 1e-3; // a slope below which the walk has settled

const lines = LEVELS.map((level) => levelLines(height, level, REACH, 48));

/** The places of a walk of `steps` steps along the negative gradient, the start first; cut where it leaves all bounds. */
export function walk(start, rate, steps) {
  const path = [start];
  const step = gradientDescent({ rate });
  while (path.length <= steps && Math.hypot(...path.at(-1)) <= FAR) path.push(step(path.at(-1), gradient(path.at(-1))));
  return path;
}

/** In which hollow a place lies: 0, 1, or -1 for none. */
export const hollowOf = ([x, y]) => hollows().findIndex(([hx, hy]) => Math.hypot(x - hx, y - hy) < NEAR);

function told({ rate, steps }, path) {
  const [x, y] = path.at(-1);
  const slope = Math.hypot(...gradient([x, y]));
  const taken = path.length - 1;
  if (Math.hypot(x, y) > FAR) return `With η = ${shown(rate, 3)} the walk has left all bounds after ${taken} steps.`;
  const place = `After ${counted(taken, "step")} with η = ${shown(rate, 3)}: place (${shown(x)}, ${shown(y)}), height ${shown(height([x, y]))}, slope ${shown(slope, 3)}.`;
  const hollow = hollowOf([x, y]);
  if (slope < FLAT && hollow >= 0) return `${place} It has settled in the ${hollow ? "deeper" : "shallower"} hollow.`;
  if (Math.max(Math.abs(x), Math.abs(y)) > REACH) return `${place} That is off the map.`;
  return steps >= MOST ? `${place} It has not settled.` : place;
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
  hollows().forEach(([x, y], i) => plot.label(x, y, i ? "deeper" : "shallower", { anchor: "middle", dy: 24, colour: "quiet" }));
}

export default {
  title: "Gradient descent on a map with two hollows",
  fields: ({ start }) => ({
    rate: number(start.rate, { min: 0, max: 1e6, soft: [0.01, 10], digits: 3, log: true }),
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
    frame.slider("rate", "learning rate η");
    frame.player({ advance: () => frame.set({ steps: frame.state.steps + 1 }), finished: () => frame.state.steps >= MOST, pause: 180 });
    frame.slider("x", "start, across");
    frame.slider("y", "start, up");
    frame.presets(presets);
    frame.onDraw((state) => {
      const path = walk([state.x, state.y], state.rate, state.steps);
      const size = Math.min(frame.width, 420);
      plot = new Plot({ width: size, height: size - 6, x: [-REACH, REACH], y: [-REACH, REACH], xLabel: "x₁", yLabel: "x₂", xTicks: [], yTicks: [], edge: { left: 24, bottom: 22 } });
      draw(plot, path);
      frame.stage.replaceChildren(plot.node);
      return told(state, path);
    });
  },
};
