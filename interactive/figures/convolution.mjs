// Slide a kernel over a digit: its feature map, pooling, and the answer of the trained network.
import { convnetLogits, convolve, kernelsOf, maxPool, stage } from "../core/convolution.mjs";
import { normaliseDrawing, SIDE } from "../core/drawing.mjs";
import { argmax } from "../core/matrices.mjs";
import { probabilities } from "../core/sampling.mjs";
import { BOARD } from "../core/strokes.mjs";
import { bars } from "../kit/bars.mjs";
import { choice, integer, text } from "../kit/fields.mjs";
import { paint } from "../kit/pixels.mjs";
import { html } from "../kit/svg.mjs";
import { unpackTree } from "../kit/unpack.mjs";
import { percent, shown } from "../kit/words.mjs";
import { boardOf, pad } from "./digit-pad.mjs";

const DRAWN = "drawn";
const SIZE = 5;
const MAP = SIDE - SIZE + 1;
const LEVELS = "abcdefghi"; // a painted weight: a is −1, e is 0, i is 1, of the kernel's largest
const KEPT = "."; // a weight as it was trained
const UNPAINTED = KEPT.repeat(SIZE * SIZE);

const largest = (weights) => Math.max(...weights.map(Math.abs));
const isKernel = (letters) => letters.length === SIZE * SIZE && [...letters].every((letter) => (LEVELS + KEPT).includes(letter));

/** The weights that a text paints: 25 letters, or the trained ones when it is no kernel. */
export function painted(letters, trained) {
  if (!isKernel(letters)) return [...trained];
  const most = largest(trained);
  return trained.map((w, i) => (letters[i] === KEPT ? w : (most * (LEVELS.indexOf(letters[i]) - 4)) / 4));
}

/** The letters of a kernel in which one weight goes on, to positive, negative, zero, and all others stay. */
export function repainted(letters, trained, at) {
  const now = [...(isKernel(letters) ? letters : UNPAINTED)];
  const isHighest = now[at] === KEPT && trained[at] === largest(trained);
  now[at] = isHighest ? "a" : { i: "a", a: "e" }[now[at]] ?? "i";
  return now.join("");
}

/** A painted map with a mark on it: the patch, or the entry that it yields. */
const view = (label, className = "") => {
  const canvas = html("canvas", { "aria-hidden": "true" });
  const mark = html("span", { class: "ws-conv-mark" });
  const box = html("div", { class: `ws-conv-canvas ${className}` }, canvas, mark);
  mark.hidden = true;
  const show = (values, side, look) => paint(canvas, values, side, side, look);
  const outline = ({ row, column }, size = 1) => {
    mark.hidden = false;
    const percents = { left: column, top: row, width: size, height: size };
    for (const [name, length] of Object.entries(percents)) mark.style[name] = `${(100 * length) / canvas.width}%`;
  };
  return { canvas, show, outline, node: html("div", { class: "ws-conv-view" }, box, html("p", {}, label)) };
};

/** The kernel as buttons, one for each weight; pressed, it is repainted. */
function kernelBoard(frame, trained) {
  const cells = Array.from({ length: SIZE * SIZE }, (_, i) =>
    html("button", { type: "button", class: "ws-conv-weight", onclick: () => frame.set({ paint: repainted(frame.state.paint, trained(frame.state), i) }) }));
  const show = (weights) => {
    const most = Math.max(...weights.map(Math.abs)) || 1;
    cells.forEach((cell, i) => {
      const part = Math.min(1, Math.abs(weights[i]) / most);
      cell.style.background = `color-mix(in srgb, var(--${weights[i] < 0 ? "negative" : "positive"}) ${Math.round(100 * part)}%, var(--paper))`;
      cell.setAttribute("aria-label", `weight in row ${Math.floor(i / SIZE) + 1}, column ${(i % SIZE) + 1}: ${shown(weights[i])}`);
    });
  };
  return { node: html("div", { class: "ws-conv-view" }, html("div", { class: "ws-conv-kernel" }, cells), html("p", {}, "kernel: press a weight")), show };
}

/** The pooled maps of all kernels, as buttons that choose one. */
function mapChooser(frame, count) {
  const canvases = Array.from({ length: count }, () => html("canvas", { "aria-hidden": "true" }));
  const buttons = canvases.map((canvas, kernel) =>
    html("button", { type: "button", class: "ws-conv-pick", "aria-label": `kernel ${kernel}`, onclick: () => frame.set({ kernel, paint: "" }) }, canvas));
  const show = (maps, chosen) =>
    maps.forEach(({ values, side }, k) => {
      const most = Math.max(...values, 1e-9);
      paint(canvases[k], values.map((v) => v / most), side, side);
      buttons[k].setAttribute("aria-pressed", String(k === chosen));
    });
  return { node: html("div", { class: "ws-conv-view ws-conv-all" }, html("div", { class: "ws-conv-picks" }, buttons), html("p", {}, "pooled maps of all kernels: press one")), show };
}

function told(state, z, pooled, p) {
  const at = z.values[state.row * MAP + state.column];
  const positive = z.values.reduce((count, v) => count + (v > 0), 0);
  const then = at > 0 ? "keeps it" : "replaces it by 0";
  return `The patch at row ${state.row}, column ${state.column} has the weighted sum ${shown(at)}: ReLU ${then}. The weighted sum is positive at ${positive} of ${MAP * MAP} positions; after pooling the map has ${pooled.side} × ${pooled.side} entries. The network predicts ${argmax(p)} with a probability of ${percent(Math.max(...p))}.`;
}

export default {
  title: "Slide a kernel over a digit and watch its feature map",
  fields: ({ labels, start }) => ({
    sample: choice("0", { [DRAWN]: "your drawing", ...Object.fromEntries(labels.map((d, i) => [String(i), `a ${d}`])) }),
    strokes: text("", { longest: 3000 }),
    kernel: integer(0, { min: 0, max: 7 }),
    row: integer(start.row, { min: 0, max: MAP - 1 }),
    column: integer(start.column, { min: 0, max: MAP - 1 }),
    paint: text("", { longest: SIZE * SIZE }),
  }),
  mount(frame, { net, samples }) {
    const [first, second, output] = unpackTree(net);
    const layers = [kernelsOf(first), kernelsOf(second), output];
    const images = samples.map((row) => Float64Array.from(row, (v) => v / 255));
    const own = () => (frame.shown.sample === DRAWN ? frame.shown.strokes : "");
    const board = pad(own, (strokes) => frame.set({ strokes, sample: DRAWN }, false));
    const box = html("div", { class: "ws-digit-board" }, board.canvas);
    const [seen, map, small] = [view("drag the patch", "ws-conv-hold"), view("feature map (red < 0)"), view("pooled, ReLU", "ws-conv-small")];
    const trained = (state) => layers[0][state.kernel].weights;
    const kernel = kernelBoard(frame, trained);
    const all = mapChooser(frame, layers[0].length);
    const answers = html("div", { class: "ws-conv-answers" });
    const drawHere = html("div", { class: "ws-conv-view" }, box, html("p", {}, "your drawing"));
    frame.stage.append(html("div", { class: "ws-conv" }, drawHere, seen.node, kernel.node, map.node, small.node, answers, all.node));
    frame.presets({ "first kernel": {}, "an edge, left to right": { paint: "aaeiiaaeiiaaeiiaaeiiaaeii" }, "an edge, top to bottom": { paint: "aaaaaaaaaaeeeeeiiiiiiiiii" } });
    frame.choice("sample", "image");
    frame.slider("kernel", "kernel of the first layer", () => ({ paint: "" }));
    frame.slider("row", "row of the patch");
    frame.slider("column", "column of the patch");
    frame.button("Clear", () => frame.set({ sample: DRAWN, strokes: "" }), true, ({ sample, strokes }) => sample === DRAWN && !strokes);
    drag(frame, seen.canvas);
    frame.onArrival([{ row: 2, column: 2 }, { row: 14, column: 14 }], 1500);
    const computed = (state) => {
      const image = state.sample === DRAWN ? normaliseDrawing(boardOf(state.strokes), BOARD) : images[Number(state.sample)];
      const weights = painted(state.paint, trained(state));
      const changed = layers[0].map((k, i) => (i === state.kernel ? { ...k, weights } : k));
      const input = [{ values: image, side: SIDE }];
      const z = convolve(input, weights, layers[0][state.kernel].bias, SIZE);
      const pooled = maxPool({ ...z, values: z.values.map((v) => Math.max(0, v)) }, 2);
      const p = probabilities(convnetLogits(image, SIDE, [changed, layers[1], layers[2]]));
      return { image, weights, z, pooled, p, maps: stage(input, changed) };
    };
    const show = (state, { image, weights, z, pooled, p, maps }) => {
      const drawn = state.sample === DRAWN;
      board.show(drawn ? boardOf(state.strokes) : new Float64Array(BOARD * BOARD));
      box.classList.toggle("ws-empty", !drawn || !state.strokes);
      seen.show(image, SIDE);
      map.show(z.values, MAP, { colours: "weights", limit: Math.max(...z.values.map(Math.abs)) });
      small.show(pooled.values, pooled.side, { limit: Math.max(...pooled.values) });
      kernel.show(weights);
      all.show(maps, state.kernel);
      answers.replaceChildren(bars(frame, p.map((v, d) => [String(d), v])));
    };
    let [found, of] = [null, null]; // what the network makes of an image and a kernel, wherever the patch is
    frame.onDraw((state) => {
      const now = [state.sample, state.strokes, state.kernel, state.paint, frame.width].join("|");
      if (now !== of) {
        [found, of] = [computed(state), now];
        show(state, found);
      }
      seen.outline(state, SIZE);
      map.outline(state);
      return told(state, found.z, found.pooled, found.p);
    });
  },
};

/** Drag the patch over the image. */
function drag(frame, canvas) {
  const put = (event) => {
    const area = canvas.getBoundingClientRect();
    const at = (v, from, length) => Math.max(0, Math.min(MAP - 1, Math.round(((v - from) / length) * SIDE - SIZE / 2)));
    frame.set({ row: at(event.clientY, area.top, area.height), column: at(event.clientX, area.left, area.width) }, false);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    put(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) put(event);
  });
}
