// One weight varies: the cost has a derivative everywhere, the number of mistakes is a staircase.
import { measure, withoutWeight } from "../core/losses.mjs";
import { rows } from "../core/matrices.mjs";
import { layer } from "../core/networks.mjs";
import { choice, number } from "../kit/fields.mjs";
import { Plot } from "../kit/plot.mjs";
import { html } from "../kit/svg.mjs";
import { unpack, unpackTree } from "../kit/unpack.mjs";
import { counted, shown } from "../kit/words.mjs";

const POINTS = 200;
const VIEWS = { near: "0.4 wide", wide: "20 wide" };
const HALF = { near: 0.2, wide: 10 };
const FINE = 0.0005; // the steps in which the ends of a stair are sought

const upTo = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [String(i), String(i)]));

/** The weights drawn: all from -10 to 10, or those near the trained one, or near w if that is elsewhere. */
function interval(view, trained, w) {
  const middle = view === "wide" ? 0 : Math.abs(w - trained) <= HALF.near ? trained : w;
  return [middle - HALF[view], middle + HALF[view]];
}

/** How far the weight may move to one side before the number of mistakes changes, up to the end. */
function stairEnd(mistakesAt, w, step, end) {
  const now = mistakesAt(w);
  let last = w;
  while (Math.abs(end - last) > Math.abs(step) && mistakesAt(last + step) === now) last += step;
  return last;
}

function room(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const spare = 0.12 * (high - low || 1);
  return [low - spare, high + spare];
}

/** Whole numbers, at most six, from the lowest to the highest count that is drawn. */
function wholeTicks([low, high]) {
  const step = Math.max(1, Math.ceil((high - low) / 6));
  const found = [];
  for (let count = Math.ceil(low); count <= high; count += step) found.push([count, shown(count, 0)]);
  return found;
}

function plotOf({ points, key, at, trained, x, width, height, label, colour }) {
  const y = room(points.map((point) => point[key]));
  const counts = key === "mistakes" ? { xLabel: "weight", yTicks: wholeTicks(y) } : {};
  const plot = new Plot({ width, height, x, y, yLabel: label, edge: { left: 66 }, ...counts });
  const marks = points.map((point) => [point.w, point[key]]);
  plot.line(key === "mistakes" ? stairs(marks) : marks, { colour });
  plot.line([[trained, y[0]], [trained, y[1]]], { colour: "ink", width: 1, dash: "2 4" });
  const tangent = key === "cost" ? at.derivative : 0;
  const reach = 0.15 * (x[1] - x[0]);
  plot.line([-reach, reach].map((d) => [at.w + d, at[key] + tangent * d]), { colour: "gradient", width: 3 });
  plot.dot(at.w, at[key], { colour: "gradient", r: 6 });
  return plot;
}

const stairs = (marks) => marks.flatMap(([w, m], i) => (i ? [[w, marks[i - 1][1]], [w, m]] : [[w, m]]));

function told(at, flat, total) {
  const side = at.derivative > 0 ? "smaller" : "larger";
  const cost = `The cost is ${shown(at.cost, 4)}, and its derivative ${shown(at.derivative, 4)}: a ${side} weight lowers it.`;
  const wrong = `${counted(at.mistakes, "mistake")} on ${shown(total, 0)} digits.`;
  return `The weight is ${shown(at.w, 3)}. ${cost} ${wrong} From ${shown(flat[0], 3)} to ${shown(flat[1], 3)} that number does not change: its derivative is 0.`;
}

export default {
  title: "One weight varies: cost and mistakes",
  fields: ({ start, layer: packed }) => ({
    w: number(start.w, { min: -10, max: 10, step: 0.001, digits: 3 }),
    output: choice(start.output, upTo(packed.W.shape[0])),
    hidden: choice(start.hidden, upTo(packed.W.shape[1])),
    view: choice("near", VIEWS),
  }),
  mount(frame, { hidden: activations, layer: packed, labels, start, presets }) {
    const hidden = rows(unpack(activations), activations.shape[1]);
    const last = layer(unpackTree(packed));
    let top;
    let known = {};
    const about = (state) => {
      const [j, i] = [Number(state.output), Number(state.hidden)];
      const trained = last.W[j][i];
      const x = interval(state.view, trained, state.w);
      const key = [j, i, ...x].join(" ");
      if (known.key !== key) {
        const examples = withoutWeight(hidden, last, labels, j, i);
        const points = Array.from({ length: POINTS + 1 }, (_, n) => x[0] + (n / POINTS) * (x[1] - x[0]));
        known = { key, j, x, trained, examples, points: points.map((w) => ({ w, ...measure(examples, j, w) })) };
      }
      return known;
    };
    frame.presets(presets);
    frame.slider("w", "weight");
    frame.choice("view", "what is drawn");
    frame.choice("output", "to the output for the digit");
    frame.choice("hidden", "from the hidden neuron");
    frame.handle({
      label: "weight", tag: "drag me", below: true, plot: () => top, at: ({ w }) => [w, measure(known.examples, known.j, w).cost],
      step: [0.002, 0], move: ([w]) => ({ w }), tell: ({ w }) => shown(w, 3),
    });
    frame.onArrival([{ w: start.w - 0.9 * HALF.near }, { w: start.w + 0.9 * HALF.near }], 2400);
    frame.onDraw((state) => {
      const { examples, j, points, x, trained } = about(state);
      const at = { w: state.w, ...measure(examples, j, state.w) };
      const height = Math.max(130, Math.min(200, Math.floor(frame.height / 2) - 10));
      const common = { points, at, trained, x, width: frame.width, height };
      top = plotOf({ ...common, key: "cost", label: "cost", colour: "series-1" });
      const below = plotOf({ ...common, key: "mistakes", label: "mistakes", colour: "series-2" });
      frame.stage.replaceChildren(html("div", {}, top.node), html("div", {}, below.node));
      return () => {
        const mistakesAt = (w) => measure(examples, j, w).mistakes;
        const step = state.view === "wide" ? 20 * FINE : FINE;
        const flat = [-1, 1].map((way) => stairEnd(mistakesAt, state.w, way * step, way * 10));
        return told(at, flat, labels.length);
      };
    });
  },
};
