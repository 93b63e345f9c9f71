// Draw a digit and watch every layer of the network that was trained while this page was built.
import { normaliseDrawing, SIDE } from "../core/drawing.mjs";
import { argmax, rows } from "../core/matrices.mjs";
import { activations, layer, weightedSum } from "../core/networks.mjs";
import { BOARD } from "../core/strokes.mjs";
import { choice, text } from "../kit/fields.mjs";
import { paint } from "../kit/pixels.mjs";
import { html } from "../kit/svg.mjs";
import { unpack, unpackTree } from "../kit/unpack.mjs";
import { shown } from "../kit/words.mjs";
import { layersDrawing } from "./digit-layers.mjs";
import { boardOf, pad } from "./digit-pad.mjs";

const LAYERS = ["first hidden layer", "second hidden layer", "output layer"];
const DRAWN = "drawn"; // the image is what the reader has drawn

const parse = (neuron) => {
  const [layer, unit] = neuron.split(".").map(Number);
  return neuron === "none" ? null : { layer: layer - 1, unit };
};

function neuronNames(layers) {
  const names = { none: "none" };
  layers.forEach(({ b }, l) => b.forEach((_, j) => (names[`${l + 1}.${j}`] = l === 2 ? `output ${j}` : `hidden ${l + 1}, number ${j + 1}`)));
  return names;
}

// the whole sample on the finer board, for the eye only: the network sees its own pixels
function enlarged(pixels) {
  const board = new Float64Array(BOARD * BOARD);
  for (let i = 0; i < board.length; i++) {
    const [y, x] = [Math.floor(i / BOARD), i % BOARD].map((v) => Math.floor((v / BOARD) * SIDE));
    board[i] = pixels[y * SIDE + x];
  }
  return board;
}

/** What the network sees in a state: a sample's pixels, or the normalised drawing. */
export function imageOf({ sample, strokes }, samples) {
  return sample === DRAWN ? normaliseDrawing(boardOf(strokes), BOARD) : samples[sample];
}

function told(acts, layers, chosen) {
  const outputs = acts[3];
  const best = argmax(outputs);
  const second = argmax(outputs.map((a, i) => (i === best ? -1 : a)));
  const empty = acts[0].every((v) => v === 0);
  const said = `${empty ? "The board is empty: only the biases count. " : ""}The network predicts ${best} (output ${shown(outputs[best])}), then ${second} (${shown(outputs[second])}).`;
  if (!chosen) return said;
  const { W, b } = layers[chosen.layer];
  const sum = weightedSum(W[chosen.unit], acts[chosen.layer]);
  return `${said} Neuron ${chosen.layer === 2 ? chosen.unit : chosen.unit + 1} of the ${LAYERS[chosen.layer]}: the weighted sum of its inputs is ${shown(sum)}, with the bias ${shown(b[chosen.unit])} that gives z = ${shown(sum + b[chosen.unit])} and the activation ${shown(acts[chosen.layer + 1][chosen.unit])}.`;
}

const view = (label) => {
  const canvas = html("canvas", { class: "ws-digit-view" });
  const words = html("p", {}, label);
  return { canvas, words, node: html("div", { class: "ws-digit-picture" }, canvas, words) };
};

function showTemplate(template, layers, chosen) {
  const first = chosen?.layer === 0;
  template.node.hidden = !first;
  if (!first) return;
  const weights = layers[0].W[chosen.unit];
  paint(template.canvas, weights, SIDE, SIDE, { colours: "weights", limit: 0.5 * Math.max(...weights.map(Math.abs)) });
}

export default {
  title: "Draw a digit and watch every layer of a trained network",
  fields: ({ layers, start }) => ({
    sample: choice(start.sample, { [DRAWN]: "your drawing", ...Object.fromEntries([..."0123456789"].map((d) => [d, `a ${d}`])) }),
    strokes: text(start.strokes, { longest: 3000 }),
    neuron: choice(start.neuron, neuronNames(unpackTree(layers).map(layer))),
  }),
  mount(frame, { layers: packed, samples: images, presets }) {
    const layers = unpackTree(packed).map(layer);
    const samples = rows(unpack(images).map((v) => v / 255), SIDE * SIDE);
    const board = pad(() => (frame.state.sample === DRAWN ? frame.state.strokes : ""), (strokes) => frame.set({ strokes, sample: DRAWN }));
    const [seen, template] = [view("what the network sees"), view("the chosen neuron's weights")];
    const network = html("div", { class: "ws-digit-network" });
    frame.stage.append(
      html("div", { class: "ws-digit-images" }, html("div", { class: "ws-digit-picture" }, board.canvas, html("p", {}, "draw here")), seen.node, template.node),
      network,
    );
    frame.choice("sample", "image");
    frame.choice("neuron", "neuron to explain");
    frame.presets(presets);
    frame.button("Clear", () => frame.set({ sample: DRAWN, strokes: "" }));
    frame.onDraw((state) => {
      const image = imageOf(state, samples);
      const acts = activations(image, layers);
      const chosen = parse(state.neuron);
      board.show(state.sample === DRAWN ? boardOf(state.strokes) : enlarged(image));
      paint(seen.canvas, image, SIDE, SIDE);
      showTemplate(template, layers, chosen);
      const pick = (l, unit) => frame.set({ neuron: state.neuron === `${l + 1}.${unit}` ? "none" : `${l + 1}.${unit}` });
      network.replaceChildren(layersDrawing(layers, acts, chosen, frame.width, pick));
      return told(acts, layers, chosen);
    });
  },
};
