// The attention patterns of two small models that the chapter trains.
import { argmax, ranking } from "../core/matrices.mjs";
import { probabilities } from "../core/sampling.mjs";
import { forward } from "../core/transformer.mjs";
import { bars } from "../kit/bars.mjs";
import { choice, integer, text } from "../kit/fields.mjs";
import { html } from "../kit/svg.mjs";
import { unpackTree } from "../kit/unpack.mjs";
import { percent } from "../kit/words.mjs";
import { gridDrawing } from "./attention-grid.mjs";

const LONGEST = 32;
const DIGITS = 8;
const SIGN = 10; // the symbol after which the reversal model answers
const SHOWN = 4; // key positions that are listed

/** The tokens that a model reads: digits, the sign and the answers but the last; or letters, repeated. */
export function tokensOf({ task, digits, letters }) {
  if (task === "reversal") {
    const found = [...digits].filter((c) => c >= "0" && c <= "9").map(Number).slice(0, DIGITS);
    return found.length < DIGITS ? null : [...found, SIGN, ...found.toReversed().slice(0, DIGITS - 1)];
  }
  const found = [...letters.toLowerCase()].filter((c) => c >= "a" && c <= "z").map((c) => c.charCodeAt(0) - 97);
  return found.length ? Array.from({ length: LONGEST }, (_, i) => found[i % found.length]) : null;
}

/** A symbol as the reader sees it. */
export const symbol = (task, token) => (task !== "reversal" ? String.fromCharCode(97 + token) : token === SIGN ? "→" : String(token));

/** A model's pattern in each layer, and at each position its prediction with the probability. */
export function run(model, tokens) {
  const { attention, logits } = forward(tokens, model);
  const p = logits.map((z) => probabilities(z));
  const predicted = p.map(argmax);
  return { patterns: attention.map(([head]) => head), predicted, probability: predicted.map((token, i) => p[i][token]) };
}

/** The target after position i; null where there is none. */
export function target({ task, letters }, tokens, i) {
  if (task === "reversal") return i < DIGITS ? null : tokens[2 * DIGITS - 1 - i];
  const period = [...letters.toLowerCase()].filter((c) => c >= "a" && c <= "z").length;
  return i < period ? null : tokens[(i + 1) % period];
}

function told(state, tokens, found, layer, position) {
  const weights = found.patterns[layer][position];
  const name = (token) => `“${symbol(state.task, token)}”`;
  const best = argmax(weights);
  const y = target(state, tokens, position);
  const wanted = y === null ? "there is no target here" : `the target is ${name(y)}`;
  return `Position ${position + 1}, ${name(tokens[position])}: in layer ${layer + 1} its largest attention weight is ${percent(weights[best])}, on position ${best + 1}, ${name(tokens[best])}. The model predicts ${name(found.predicted[position])} next (${percent(found.probability[position])}); ${wanted}.`;
}

function sequenceDrawing(symbols, weights, position) {
  const cells = symbols.map((words, i) => {
    const node = html("span", { class: i === position ? "ws-weight ws-query" : "ws-weight" }, words);
    node.style.setProperty("--weight", weights[i] ?? 0);
    return node;
  });
  return html("p", { class: "ws-sequence" }, cells);
}

const stored = (examples, tokens) => {
  const found = examples.find((e) => e.tokens.join() === tokens.join());
  return found && { ...found, patterns: found.patterns.map((layer) => layer.map((weights, i) => weights.slice(0, i + 1))) };
};

/** A pattern as one array, row by row, without holes: what no query sees has no weight. */
export const flat = (pattern) => pattern.flatMap((weights) => pattern.map((_, key) => weights[key] ?? 0));

function drawing(frame, state, tokens, found, layer) {
  const count = tokens.length;
  const position = Math.min(state.position, count) - 1;
  const symbols = tokens.map((t) => symbol(state.task, t));
  const all = frame.blend("pattern", flat(found.patterns[layer]));
  const at = Math.round(position);
  const weights = all.slice(at * count, (at + 1) * count);
  const grid = gridDrawing(all, symbols, position, Math.min(frame.height - 36, frame.width, 400));
  const best = frame.narrow ? [] : ranking(weights).slice(0, SHOWN).map((i) => [`${i + 1}: ${symbols[i]}`, weights[i]]);
  const side = html("div", { class: "ws-attention-side" }, sequenceDrawing(symbols, weights, at), bars(frame, best, { colour: "attention" }));
  return { grid, node: html("div", { class: "ws-attention" }, grid.node, side) };
}

/** Let a press or a drag over the pattern choose the query position. */
function chooseRows(frame, grid) {
  const choose = (event) => {
    const position = grid()?.at(event);
    if (position) frame.set({ position }, false);
  };
  frame.stage.addEventListener("click", choose);
  frame.stage.addEventListener("pointermove", (event) => {
    if (event.buttons === 1 && event.pointerType !== "touch") choose(event);
  });
}

export default {
  title: "Attention patterns of two trained models",
  fields: ({ start, tasks }) => ({
    task: choice(start.task, tasks),
    digits: text(start.digits, { longest: DIGITS }),
    letters: text(start.letters, { longest: 16 }),
    layer: choice(start.layer, { 1: "1", 2: "2" }),
    position: integer(start.position, { min: 1, max: LONGEST, smooth: true }),
  }),
  mount(frame, { presets, examples, models: packed }) {
    let [models, failed, waiting, grid] = [null, "", false, null];
    const fetchModels = async () => {
      [waiting, failed] = [true, ""];
      try {
        const bytes = await frame.bytes();
        models = Object.fromEntries(Object.entries(packed).map(([name, tree]) => [name, unpackTree(tree, bytes)]));
      } catch (problem) {
        failed = `The models could not be fetched (${problem.message}). Any change tries again.`;
      }
      frame.refresh();
      waiting = false;
    };
    const still = (words) => {
      frame.stage.firstElementChild?.classList.add("ws-still"); // the last drawing, greyed
      return words;
    };
    frame.presets(presets);
    frame.choice("task", "model");
    const typed = { reversal: frame.text("digits", "eight digits to reverse"), induction: frame.text("letters", "letters to repeat") };
    const layers = frame.choice("layer", "layer");
    frame.slider("position", "query position");
    frame.followers.push(({ task }) => {
      for (const [name, node] of Object.entries(typed)) node.hidden = name !== task;
      layers.hidden = packed[task].blocks.length === 1;
    });
    const count = ({ task }) => (task === "reversal" ? 2 * DIGITS : LONGEST);
    frame.play({ field: "position", finished: (state) => state.position >= count(state), pace: 450, label: "Next position", auto: false });
    chooseRows(frame, () => grid);
    frame.onArrival([{ position: 9 }, { position: 16 }], 1600);
    frame.onDraw((state) => {
      const tokens = tokensOf(state);
      if (!tokens) return still(state.task === "reversal" ? "The model needs eight digits." : "Type letters from a to z: they will be repeated.");
      const found = models ? run(models[state.task], tokens) : stored(examples, tokens);
      if (!found) {
        if (!waiting) fetchModels();
        return still(failed || "Fetching the two models …");
      }
      const layer = Math.min(Number(state.layer), found.patterns.length) - 1;
      const drawn = drawing(frame, state, tokens, found, layer);
      grid = drawn.grid;
      frame.stage.replaceChildren(drawn.node);
      return told(state, tokens, found, layer, Math.min(Math.floor(state.position), tokens.length) - 1);
    });
  },
};
