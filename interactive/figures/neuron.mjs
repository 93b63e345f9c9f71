// One neuron with one input: the weight makes the curve steep, the bias shifts it.
import { sigmoid } from "../core/neurons.mjs";
import { number } from "../kit/fields.mjs";
import { Plot } from "../kit/plot.mjs";
import { shown } from "../kit/words.mjs";

const REACH = 4; // the inputs that are drawn, to both sides of 0
const POINTS = 400;
const STEEP = 2; // the weighted sum at the point that is dragged to make the curve steeper

/** The middle of the curve: the input at which the activation is one half; none without a weight. */
export const threshold = (w, b) => (w === 0 ? null : -b / w);

/** The bias that puts the middle of the curve at the input x. */
export const biasFor = (w, x) => -w * x;

/** Weight and bias of the curve that keeps its middle, and reaches the weighted sum STEEP at x. */
export function steeper({ w, b }, x) {
  const middle = threshold(w, b) ?? 0;
  const weight = Math.abs(x - middle) < 0.05 ? 40 * Math.sign(x - middle || 1) : STEEP / (x - middle);
  return { w: weight, b: -weight * middle };
}

function told({ w, b, x }, a) {
  const now = `At x = ${shown(x)} the weighted sum is ${shown(w * x + b)} and the activation ${shown(a, 3)}.`;
  const middle = threshold(w, b);
  if (middle === null) return `${now} With weight 0 the activation does not depend on the input.`;
  return `${now} ${w > 0 ? "Above" : "Below"} x = ${shown(middle)}, where wx + b = 0, the activation is above one half.`;
}

function draw(plot, { w, b, x }) {
  const middle = threshold(w, b);
  if (middle !== null) plot.line([[middle, 0], [middle, 1]], { colour: "quiet", width: 1, dash: "4 4" });
  const inputs = Array.from({ length: POINTS + 1 }, (_, i) => REACH * ((2 * i) / POINTS - 1));
  plot.line(inputs.map((v) => [v, sigmoid(w * v + b)]), { colour: "activation", width: 2.5 });
  const a = sigmoid(w * x + b);
  plot.line([[x, 0], [x, a], [-REACH, a]], { colour: "activation", width: 1.5, dash: "1 4" });
  plot.label(-REACH, a, `a = ${shown(a)}`, { colour: "activation", dx: 6, dy: a > 0.9 ? 16 : -6 });
}

/** The points that are dragged: the input, the middle of the curve, and a point on its shoulder. */
function handles(frame, plot) {
  const inside = (point) => (point !== null && Math.abs(point[0]) <= REACH ? point : null);
  frame.handle({
    label: "input x", tag: "x", plot, at: ({ w, b, x }) => [x, sigmoid(w * x + b)], step: [0.05, 0],
    move: ([x]) => ({ x }), tell: ({ x }) => shown(x),
  });
  frame.handle({
    label: "middle of the curve: the bias", tag: "b", plot, step: [0.05, 0],
    at: ({ w, b }) => (w === 0 ? null : inside([threshold(w, b), 0.5])),
    move: ([x]) => ({ b: biasFor(frame.state.w, x) }), tell: ({ b }) => `bias ${shown(b)}`,
  });
  frame.handle({
    label: "steepness of the curve: the weight", tag: "w", plot, step: [0.05, 0],
    at: ({ w, b }) => (w === 0 ? null : inside([(STEEP - b) / w, sigmoid(STEEP)])),
    move: ([x]) => steeper(frame.state, x), tell: ({ w }) => `weight ${shown(w)}`,
  });
}

export default {
  title: "One neuron with one input: change its weight and its bias",
  fields: ({ start }) => ({
    w: number(start.w, { min: -1000, max: 1000, soft: [-20, 20], step: 0.1, digits: 1 }),
    b: number(start.b, { min: -1000, max: 1000, soft: [-40, 40], step: 0.1, digits: 1 }),
    x: number(start.x, { min: -REACH, max: REACH, step: 0.05 }),
  }),
  mount(frame, { presets }) {
    let plot;
    frame.presets(presets);
    frame.slider("w", "weight w");
    frame.slider("b", "bias b");
    frame.slider("x", "input x");
    handles(frame, () => plot);
    frame.onArrival([{ w: 1, x: -2 }, { w: 8, x: 2 }, { w: 8, b: -16, x: 2 }], 900);
    frame.onDraw((state) => {
      const { w, b, x } = state;
      plot = new Plot({
        width: frame.width, height: Math.min(frame.height, 340), x: [-REACH, REACH], y: [-0.03, 1.03], xLabel: "input x",
        yLabel: "activation a", yTicks: [[0, "0"], [0.5, "½"], [1, "1"]],
      });
      draw(plot, state);
      frame.stage.replaceChildren(plot.node);
      return told(state, sigmoid(w * x + b));
    });
  },
};
