// Paint a template and see which weighted sums it gives to the images of each digit.
import { rows } from "../core/matrices.mjs";
import { CELLS, quantile, readCells, sumsOf, templateOf, writeCells } from "../core/templates.mjs";
import { choice, number, text } from "../kit/fields.mjs";
import { Plot } from "../kit/plot.mjs";
import { html } from "../kit/svg.mjs";
import { unpack } from "../kit/unpack.mjs";
import { counted, shown } from "../kit/words.mjs";
import { board } from "./template-board.mjs";

const BRUSHES = { positive: "positive (blue)", negative: "negative (red)", erase: "zero (erase)" };
const SIGN = { positive: 1, negative: -1, erase: 0 };
const SUMS = [-0.8, 1]; // of the axis: few templates go beyond
const DIGITS = [..."0123456789"];

/** For each digit the quantiles that its range shows: a tenth, a half, nine tenths. */
const rangesOf = (sums) => sums.map((of) => [0.1, 0.5, 0.9].map((q) => quantile(of, q)));

/** How many sums of a digit, and of all others, a neuron with this threshold is active for. */
function active(sums, digit, threshold) {
  const counts = sums.map((of) => of.filter((z) => z > threshold).length);
  const all = counts.reduce((a, b) => a + b, 0);
  return [counts[digit], all - counts[digit]];
}

function told({ threshold, digit }, signs, sums) {
  const [up, down] = [1, -1].map((sign) => signs.filter((s) => s === sign).length);
  const painted = `${counted(up, "positive cell")}, ${shown(down, 0)} negative.`;
  if (!up && !down) return `${painted} The template is empty: every weighted sum is 0.`;
  const middles = rangesOf(sums).map(([, middle]) => middle);
  const [first, second] = [...middles.keys()].sort((i, j) => middles[j] - middles[i] || i - j);
  const [found, wrong] = active(sums, Number(digit), threshold);
  const [own, others] = [sums[digit].length, sums.flat().length - sums[digit].length];
  return `${painted} The median is highest for the digit ${first} (${shown(middles[first])}), then for ${second} (${shown(middles[second])}). With the bias ${shown(-threshold)} the neuron is active for ${shown(found, 0)} of ${shown(own, 0)} images of a ${digit}, and for ${shown(wrong, 0)} of ${shown(others, 0)} other digits.`;
}

function plotOf(ranges, { digit, threshold }, width, height) {
  const plot = new Plot({ width, height, x: [-0.6, 9.6], y: SUMS, xLabel: "digit", yLabel: "weighted sum", edge: { left: 52 }, xTicks: DIGITS.map((d) => [Number(d), d]) });
  plot.line([[-0.6, 0], [9.6, 0]], { colour: "edge", width: 1 });
  ranges.forEach(([low, middle, high], d) => {
    const own = d === Number(digit);
    plot.bar(d, high, { colour: own ? "activation" : "quiet", base: low, size: 0.4, opacity: own ? 0.55 : 0.35 });
    plot.dot(d, middle, { colour: own ? "activation" : "quiet" });
  });
  plot.line([[-0.6, threshold], [9.6, threshold]], { colour: "ink", width: 1.5, dash: "5 3" });
  return plot;
}

/** The states in which the cells of a template appear, the positive ones first. */
export function painting(cells) {
  const signs = readCells(cells);
  const order = [1, -1].flatMap((sign) => [...signs.keys()].filter((i) => signs[i] === sign));
  return order.map((_, n) => {
    const some = new Int8Array(signs.length);
    for (const i of order.slice(0, n)) some[i] = signs[i];
    return { cells: writeCells(some) };
  });
}

/** The mean of images, cell by cell. */
const meanOf = (images) => Float64Array.from(images[0], (_, i) => images.reduce((sum, image) => sum + image[i], 0) / images.length);

export default {
  title: "Paint a template and see which digits it responds to",
  fields: ({ start }) => ({
    cells: text(start.cells, { longest: Math.ceil((CELLS * CELLS) / 3) }),
    brush: choice("positive", BRUSHES),
    digit: choice(start.digit, Object.fromEntries(DIGITS.map((d) => [d, d]))),
    threshold: number(start.threshold, { min: -1, max: 1 }),
  }),
  mount(frame, { images: packed, labels, start, presets }) {
    const all = rows(unpack(packed).map((v) => v / 255), CELLS * CELLS);
    const images = DIGITS.map((d) => all.filter((_, n) => labels[n] === Number(d)));
    const means = images.map(meanOf);
    const pad = board((cells) => {
      const signs = readCells(frame.state.cells);
      for (const [row, column] of cells) signs[CELLS * row + column] = SIGN[frame.state.brush];
      frame.set({ cells: writeCells(signs) }, false);
    });
    const side = html("div", { class: "ws-template-plot" });
    frame.stage.append(html("div", { class: "ws-template" }, pad.canvas, side));
    let plot;
    frame.presets(presets);
    frame.choice("brush", "brush");
    frame.choice("digit", "digit to detect");
    frame.slider("threshold", "threshold −b");
    frame.button("Clear", () => frame.set({ cells: "" }), true, ({ cells }) => !readCells(cells).some(Boolean));
    frame.handle({
      label: "threshold", tag: "drag me", plot: () => plot, at: ({ threshold }) => [2.5, threshold], step: [0, 0.02],
      move: ([, threshold]) => ({ threshold }), tell: ({ threshold }) => shown(threshold),
    });
    frame.onArrival(painting(start.cells), 60);
    frame.onDraw((state) => {
      const signs = readCells(state.cells);
      const sums = images.map((of) => sumsOf(of, templateOf(signs)));
      pad.show(signs, means[state.digit]);
      const flat = frame.blend("ranges", rangesOf(sums).flat());
      const ranges = DIGITS.map((_, d) => flat.slice(3 * d, 3 * d + 3));
      const height = frame.narrow ? 190 : Math.min(300, frame.height - 40);
      plot = plotOf(ranges, state, side.clientWidth || frame.width, height);
      side.replaceChildren(plot.node);
      return told(state, signs, sums);
    });
  },
};
