// One neuron with one input: the weight makes the curve steep, the bias shifts it.
import { sigmoid } from "../core/neurons.mjs";
import { number } from "../kit/fields.mjs";
import { Plot } from "../kit/plot.mjs";
import { shown } from "../kit/words.mjs";

const REACH = 4; // the inputs that are drawn, to both sides of 0
const POINTS = 400;

/** The middle of the curve: the input at which the activation is one half; none without a weight. */
export const threshold = (w, b) => (w === 0 ? null : -b / w);

function told({ w, b, x }, a) {
  const now = `At x = ${shown(x)} the weighted sum is ${shown(w * x + b)} and the activation ${shown(a, 3)}.`;
  const middle = threshold(w, b);
  if (middle === null) return `${now} With weight 0 the activation does not depend on the input.`;
  return `${now} ${w > 0 ? "Above" : "Below"} x = ${shown(middle)}, where wx + b = 0, the activation is above one half.`;
}

export default {
  title: "One neuron with one input: change its weight and its bias",
  fields: ({ start }) => ({
    w: number(start.w, { min: -1000, max: 1000, soft: [-20, 20], step: 0.1, digits: 1 }),
    b: number(start.b, { min: -1000, max: 1000, soft: [-40, 40], step: 0.1, digits: 1 }),
    x: number(start.x, { min: -REACH, max: REACH, step: 0.05 }),
  }),
  mount(frame, { presets }) {
    frame.slider("w", "weight w");
    frame.slider("b", "bias b");
    frame.slider("x", "input x");
    frame.presets(presets);
    frame.onDraw((state) => {
      const { w, b, x } = state;
      const plot = new Plot({
        width: frame.width, x: [-REACH, REACH], y: [-0.03, 1.03], xLabel: "input x", yLabel: "activation a",
        yTicks: [[0, "0"], [0.5, "½"], [1, "1"]],
      });
      const middle = threshold(w, b);
      if (middle !== null) plot.line([[middle, 0], [middle, 1]], { colour: "quiet", width: 1, dash: "4 4" });
      const inputs = Array.from({ length: POINTS + 1 }, (_, i) => REACH * ((2 * i) / POINTS - 1));
      plot.line(inputs.map((v) => [v, sigmoid(w * v + b)]), { colour: "activation", width: 2.5 });
      const a = sigmoid(w * x + b);
      plot.line([[x, 0], [x, a]], { colour: "input", width: 1.5 });
      plot.dot(x, a, { colour: "activation", r: 6 });
      frame.stage.replaceChildren(plot.node);
      return told(state, a);
    });
  },
};
