// A digit fades into noise: what the network predicts, and how large its maximum output is.
import { addNoise } from "../core/analysis.mjs";
import { interpolate } from "../core/interpolation.mjs";
import { argmax, rows } from "../core/matrices.mjs";
import { activations, layer } from "../core/networks.mjs";
import { bars } from "../kit/bars.mjs";
import { choice, number } from "../kit/fields.mjs";
import { paint } from "../kit/pixels.mjs";
import { Plot } from "../kit/plot.mjs";
import { html } from "../kit/svg.mjs";
import { unpack, unpackTree } from "../kit/unpack.mjs";
import { percent, shown } from "../kit/words.mjs";

const SIDE = 28;

const named = (names) => Object.fromEntries(names.map((name, i) => [String(i), name]));

function told(outputs, label, level, curves) {
  const best = argmax(outputs);
  const verdict = best === label ? "which is correct" : `but the digit is a ${label}`;
  const [accuracy, maximum] = [curves.accuracy, curves.maximum].map((curve) => interpolate(curve, level));
  return `Noise level ${shown(level)}: the network predicts ${best} with an output of ${shown(outputs[best])}, ${verdict}. On all test digits the five networks have an accuracy of about ${percent(accuracy)}; their maximum output is about ${shown(maximum)}.`;
}

function plotOf(curves, level, width, height) {
  const plot = new Plot({ width, height, x: [0, 1], y: [0, 1], xLabel: "noise level s", yLabel: "all test digits" });
  plot.line(curves.accuracy, { colour: "validation" });
  plot.line(curves.maximum, { colour: "activation", dash: "6 3" });
  plot.label(0.02, interpolate(curves.accuracy, 0.02), "accuracy", { colour: "validation", dx: 4, dy: -6 });
  plot.label(0.98, interpolate(curves.maximum, 0.98), "maximum output", { colour: "activation", anchor: "end", dy: -8 });
  plot.line([[level, 0], [level, 1]], { colour: "ink", width: 1.5 });
  return plot;
}

export default {
  title: "A digit fades into noise: what does the network predict, and with what output?",
  fields: ({ digits, noises, start }) => ({
    level: number(start.level, { min: 0, max: 1, step: 0.02 }),
    digit: choice(start.digit, named(digits)),
    noise: choice(start.noise, named(noises)),
  }),
  mount(frame, { layers: packed, images: pictures, noise: grains, labels, curves, presets }) {
    const layers = unpackTree(packed).map(layer);
    const [images, noise] = [pictures, grains].map((part) => rows(unpack(part), SIDE * SIDE));
    const canvas = html("canvas", { class: "ws-noise-image", "aria-hidden": "true" });
    const answers = html("div", { class: "ws-noise-answers" });
    const plots = html("div");
    let plot;
    frame.stage.append(html("div", { class: "ws-noise-top" }, canvas, answers), plots);
    frame.presets(presets);
    frame.slider("level", "noise level s");
    frame.choice("digit", "digit");
    frame.choice("noise", "noise sample");
    frame.handle({
      label: "noise level", tag: "drag me", plot: () => plot, at: ({ level }) => [level, 0.5], step: [0.02, 0],
      move: ([level]) => ({ level }), tell: ({ level }) => shown(level),
    });
    frame.onArrival([{ level: 0 }, { level: 1 }], 1800);
    frame.onDraw(({ level, digit, noise: grain }) => {
      const image = frame.blend("image", addNoise(images[Number(digit)], noise[Number(grain)], level));
      const outputs = activations(image, layers).at(-1);
      paint(canvas, image, SIDE, SIDE);
      answers.replaceChildren(bars(frame, outputs.map((a, i) => [String(i), a]), { write: (a) => shown(a) }));
      plot = plotOf(curves, level, frame.width, Math.max(140, Math.min(220, frame.height - 200)));
      plots.replaceChildren(plot.node);
      return told(outputs, labels[Number(digit)], level, curves);
    });
  },
};
