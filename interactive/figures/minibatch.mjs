// The noise of a mini-batch's gradient: one derivative, from many draws of the size that is chosen.
import { batchMeans, moments, standardError } from "../core/minibatches.mjs";
import { randomNumbers } from "../core/random.mjs";
import { integer } from "../kit/fields.mjs";
import { Plot } from "../kit/plot.mjs";
import { unpack } from "../kit/unpack.mjs";
import { counted, shown } from "../kit/words.mjs";

const DRAWS = 100;
const SIZES = [1, 10, 100, 1000];
const OWN = 1.6; // rows that the chosen size takes
const TOP = -1.4; // the upper end of the rows, with room for words

function told(size, all, found) {
  const { mean, std } = moments(found);
  const wrong = found.filter((v) => v * all.mean < 0).length;
  const one = `${shown(DRAWS, 0)} mini-batches of ${counted(size, "digit")}: their derivatives have the mean ${shown(mean, 3)} and the standard deviation ${shown(std, 3)}`;
  const theory = `the formula gives ${shown(standardError(all.std, size, all.n), 3)}`;
  return `${one}; ${theory}. The derivative over all ${shown(all.n, 0)} digits is ${shown(all.mean, 3)}, and ${shown(wrong, 0)} of the ${shown(DRAWS, 0)} have the opposite sign.`;
}

/** Fixed offsets in height keep equal derivatives apart; they carry no meaning. */
const offset = (i, room) => room * (((i * 0.618) % 1) - 0.5);

export default {
  title: "How noisy is the gradient of a mini-batch?",
  fields: ({ derivatives, start }) => ({
    size: { ...integer(start.size, { min: 1, max: derivatives.shape[0] }), log: true },
    draw: integer(1, { min: 1, max: 1000 }),
  }),
  mount(frame, { derivatives, presets }) {
    const values = unpack(derivatives);
    const all = { ...moments(Array.from(values)), n: values.length };
    const fixed = SIZES.map((size, i) => batchMeans(values, size, DRAWS, randomNumbers(i + 1)));
    const ends = [all.mean - all.std, all.mean + all.std, ...fixed[0]]; // the widest band, and the widest cloud
    const reach = [Math.min(...ends), Math.max(...ends)];
    const x = [reach[0] - 0.03 * (reach[1] - reach[0]), reach[1] + 0.03 * (reach[1] - reach[0])];
    frame.presets(presets);
    frame.slider("size", "digits in a mini-batch");
    frame.button("Draw again", () => frame.set({ draw: frame.state.draw + 1 }), true);
    frame.onArrival([{ size: 1 }, { size: 1000 }], 2400);
    frame.onDraw(({ size, draw }) => {
      const whole = Math.max(1, Math.round(size));
      const found = batchMeans(values, whole, DRAWS, randomNumbers(1000 * draw + 7));
      const yTicks = [[0, shown(whole, 0)], ...SIZES.map((each, i) => [i + OWN, shown(each, 0)])];
      const plot = new Plot({
        width: frame.width, height: Math.max(230, Math.min(320, frame.height)), x, y: [SIZES.length - 1 + OWN + 0.6, TOP],
        xLabel: "derivative with respect to one bias", yLabel: "digits in a mini-batch", yTicks, edge: { left: 58 },
      });
      const error = standardError(all.std, whole, all.n);
      plot.area([[all.mean - error, -0.8], [all.mean + error, -0.8], [all.mean + error, 0.8], [all.mean - error, 0.8]], { colour: "gradient", opacity: 0.18 });
      plot.line([[all.mean, -0.8], [all.mean, SIZES.length + OWN]], { colour: "ink", width: 1 });
      fixed.forEach((means, row) => means.forEach((v, i) => plot.dot(v, row + OWN + offset(i, 0.56), { colour: "quiet", r: 1.5 })));
      found.forEach((v, i) => plot.dot(v, offset(i, 1.1), { colour: "gradient", r: 3 }));
      plot.label(x[0], TOP, "your size (band: ± standard error)", { colour: "gradient", dx: 6, dy: 13, size: 12 });
      plot.label(x[0], OWN - 0.4, "for comparison", { colour: "quiet", dx: 6, size: 12 });
      frame.stage.replaceChildren(plot.node);
      return told(whole, all, found);
    });
  },
};
