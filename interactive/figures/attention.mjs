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

function sequenceDrawing(task, tokens, weights, position) {
  const cells = tokens.map((token, i) => {
    const node = html("span", { class: i === position ? "ws-attention-query" : null }, symbol(task, token));
    node.style.setProperty("--weight", weights[i] ?? 0);
    return node;
  });
  return html("p", { class: "ws-attention-sequence" }, cells);
}

const stored = (examples, tokens) => {
  const found = examples.find((e) => e.tokens.join() === tokens.join());
  return found && { ...found, patterns: found.patterns.map((layer) => layer.map((weights, i) => weights.slice(0, i + 1))) };
};

export default {
  title: "Attention patterns of two trained models",
  fields: ({ start, tasks }) => ({
    task: choice(start.task, tasks),
    digits: text(start.digits, { longest: DIGITS }),
    letters: text(start.letters, { longest: 16 }),
    layer: choice(start.layer, { 1: "1", 2: "2" }),
    position: integer(start.position, { min: 1, max: LONGEST }),
  }),
  mount(frame, { presets, examples, models: packed }) {
    let [models, failed, waiting, grid] = [null, "", false, null];
    const fetchModels = async () => {
      [waiting, failed] = [true, ""];
      try {
        const bytes = await frame.bytes();
        models = Object.fromEntries(Object.entries(packed).map(([name, tree]) => [name, unpackTree(tree, bytes)]));
      } catch (problem) {
        failed = `The models could not be fetched (${problem.message}). Any change asks again.`;
      }
      frame.set({});
      waiting = false;
    };
    frame.choice("task", "model");
    frame.text("digits", "eight digits to reverse");
    frame.text("letters", "letters to repeat");
    frame.choice("layer", "layer");
    frame.slider("position", "query position");
    frame.presets(presets);
    frame.stage.addEventListener("click", (event) => {
      const position = grid?.at(event);
      if (position) frame.set({ position });
    });
    frame.onDraw((state) => {
      const tokens = tokensOf(state);
      frame.stage.replaceChildren();
      if (!tokens) return state.task === "reversal" ? "The model needs eight digits." : "Type letters from a to z: they will be repeated.";
      const found = models ? run(models[state.task], tokens) : stored(examples, tokens);
      if (!found) {
        if (!waiting) fetchModels();
        return failed || "Fetching the two models …";
      }
      const layer = Math.min(Number(state.layer), found.patterns.length) - 1;
      const position = Math.min(state.position, tokens.length) - 1;
      const weights = found.patterns[layer][position];
      grid = gridDrawing(found.patterns[layer], tokens.map((t) => symbol(state.task, t)), position, frame.width);
      const best = ranking(weights).slice(0, SHOWN).map((i) => [`position ${i + 1}: ${symbol(state.task, tokens[i])}`, weights[i]]);
      frame.stage.append(grid.node, sequenceDrawing(state.task, tokens, weights, position), bars(best));
      return told(state, tokens, found, layer, position);
    });
  },
};
