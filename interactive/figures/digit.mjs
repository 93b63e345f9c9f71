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
const THREE = "VQYNaMdLhLkMmNpQqSqVpXoalbidfdjfmgpiqlrorrqtowmyj0g0d0Z0WyUwSu"; // the strokes of a three, as an address holds them
const EMPTY = "The board is empty: draw a digit on it, or choose an image. Without an input, the outputs come from the biases alone.";
const HOLD = 40; // of the states in which a pen draws: it waits

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
  const said = acts[0].some(Boolean)
    ? `The network predicts ${best} (output ${shown(outputs[best])}), then ${second} (${shown(outputs[second])}).`
    : EMPTY;
  if (!chosen) return said;
  const { W, b } = layers[chosen.layer];
  const sum = weightedSum(W[chosen.unit], acts[chosen.layer]);
  return `${said} Neuron ${chosen.layer === 2 ? chosen.unit : chosen.unit + 1} of the ${LAYERS[chosen.layer]}: the weighted sum of its inputs is ${shown(sum)}, with the bias ${shown(b[chosen.unit])} that gives z = ${shown(sum + b[chosen.unit])} and the activation ${shown(acts[chosen.layer + 1][chosen.unit])}.`;
}

const view = (label) => {
  const canvas = html("canvas", { class: "ws-digit-view", "aria-hidden": "true" });
  return { canvas, node: html("div", { class: "ws-digit-picture" }, canvas, html("p", {}, label)) };
};

function showTemplate(template, layers, chosen) {
  const first = chosen?.layer === 0;
  template.node.hidden = !first;
  if (!first) return;
  const weights = layers[0].W[chosen.unit];
  paint(template.canvas, weights, SIDE, SIDE, { colours: "weights", limit: 0.5 * Math.max(...weights.map(Math.abs)) });
}

/** The states in which a pen draws an image, point by point, and then waits. */
export function drawing(strokes) {
  const states = [...strokes].map((_, i) => ({ strokes: strokes.slice(0, i + 1) })).filter((_, i) => i % 2);
  return [...states, ...Array(HOLD).fill(states.at(-1))];
}

/** The strokes without the last of them. */
export const undone = (strokes) => strokes.split(".").slice(0, -1).join(".");

/** The parts of the stage: the board, what the network sees, its answer, and its layers. */
function build(frame) {
  const own = () => (frame.shown.sample === DRAWN ? frame.shown.strokes : "");
  const board = pad(own, (strokes) => frame.set({ strokes, sample: DRAWN }, false));
  const [seen, template] = [view("the network's input"), view("the neuron's weights")];
  const answer = html("p", { class: "ws-digit-answer", "aria-hidden": "true" });
  const network = html("div");
  const box = html("div", { class: "ws-digit-board" }, board.canvas);
  const side = html("div", { class: "ws-digit-images" }, box, html("div", { class: "ws-digit-pictures" }, seen.node, template.node), answer);
  frame.stage.append(html("div", { class: "ws-digit" }, side, network));
  network.addEventListener("click", (event) => {
    const neuron = event.target.closest("[data-neuron]")?.dataset.neuron;
    if (neuron) frame.set({ neuron: frame.state.neuron === neuron ? "none" : neuron });
  });
  return { board, box, seen, template, answer, network };
}

/** Activations on their way from those drawn last; the input is taken as it is. */
function blended(frame, acts) {
  const flat = frame.blend("acts", acts.slice(1).flatMap((layer) => [...layer]));
  let at = 0;
  return [[...acts[0]], ...acts.slice(1).map(({ length }) => flat.slice(at, (at += length)))];
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
    const parts = build(frame);
    frame.presets(presets);
    frame.choice("sample", "image");
    frame.choice("neuron", "neuron to explain");
    frame.button("Clear", () => frame.set({ sample: DRAWN, strokes: "" }), true, ({ sample, strokes }) => sample === DRAWN && !strokes);
    frame.button("Undo", () => frame.set({ sample: DRAWN, strokes: undone(frame.state.strokes) }), true, ({ strokes }) => !strokes);
    // on the home page an empty board waits for the reader
    if (!frame.figure.closest(".home")) frame.onArrival([{ strokes: "" }, ...drawing(THREE)], 34);
    frame.onDraw((state) => {
      const image = imageOf(state, samples);
      const acts = activations(image, layers);
      const chosen = parse(state.neuron);
      const drawn = state.sample === DRAWN;
      const empty = drawn && !state.strokes;
      parts.board.show(drawn ? boardOf(state.strokes) : enlarged(image));
      parts.box.classList.toggle("ws-empty", empty);
      paint(parts.seen.canvas, image, SIDE, SIDE);
      showTemplate(parts.template, layers, chosen);
      parts.answer.textContent = empty ? "?" : String(argmax(acts[3]));
      parts.network.replaceChildren(layersDrawing(layers, blended(frame, acts), chosen, parts.network.clientWidth || frame.width, frame.height - (frame.narrow ? 90 : 60)));
      return told(acts, layers, chosen);
    });
  },
};
