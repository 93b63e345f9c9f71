// The patterns of two small models trained in the chapter: what each place of a row looks at.
import { argmax } from "../core/network.mjs";
import { ranking, shares } from "../core/softmax.mjs";
import { forward } from "../core/transformer.mjs";
import { shareRows } from "../kit/bars.mjs";
import { choice, integer, text } from "../kit/fields.mjs";
import { html } from "../kit/svg.mjs";
import { unpackTree } from "../kit/unpack.mjs";
import { percent } from "../kit/words.mjs";
import { gridDrawing } from "./attention-grid.mjs";

const LONGEST = 32;
const DIGITS = 8;
const SIGN = 10; // the symbol after which the reversal model answers
const SHOWN = 4; // places that are listed

/** The places that a model reads: digits, the sign and the answers but the last; or letters, repeated. */
export function rowOf({ task, digits, letters }) {
  if (task === "reversal") {
    const found = [...digits].filter((c) => c >= "0" && c <= "9").map(Number).slice(0, DIGITS);
    return found.length < DIGITS ? null : [...found, SIGN, ...found.toReversed().slice(0, DIGITS - 1)];
  }
  const found = [...letters.toLowerCase()].filter((c) => c >= "a" && c <= "z").map((c) => c.charCodeAt(0) - 97);
  return found.length ? Array.from({ length: LONGEST }, (_, i) => found[i % found.length]) : null;
}

/** A symbol as the reader sees it. */
export const symbol = (task, token) => (task !== "reversal" ? String.fromCharCode(97 + token) : token === SIGN ? "→" : String(token));

/** What a model makes of a row: patterns by layer, its answer at each place and how sure it is. */
export function run(model, row) {
  const { patterns, logits } = forward(row, model);
  const sure = logits.map((z) => shares(z));
  const said = sure.map(argmax);
  return { patterns: patterns.map(([head]) => head), said, sure: said.map((token, i) => sure[i][token]) };
}

/** The symbol that is right behind place i; null where nothing is asked. */
export function wanted({ task, letters }, row, i) {
  if (task === "reversal") return i < DIGITS ? null : row[2 * DIGITS - 1 - i];
  const period = [...letters.toLowerCase()].filter((c) => c >= "a" && c <= "z").length;
  return i < period ? null : row[(i + 1) % period];
}

function told(state, row, found, layer, place) {
  const looks = found.patterns[layer][place];
  const name = (token) => `“${symbol(state.task, token)}”`;
  const best = argmax(looks);
  const right = wanted(state, row, place);
  const asked = right === null ? "nothing is asked here" : `right is ${name(right)}`;
  return `Place ${place + 1} holds ${name(row[place])} and, in layer ${layer + 1}, looks most at place ${best + 1}, ${name(row[best])} (${percent(looks[best])}). Next the model says ${name(found.said[place])} (${percent(found.sure[place])}); ${asked}.`;
}

function rowDrawing(task, row, looks, place) {
  const cells = row.map((token, i) => {
    const node = html("span", { class: i === place ? "ws-attention-asks" : null }, symbol(task, token));
    node.style.setProperty("--share", looks[i] ?? 0);
    return node;
  });
  return html("p", { class: "ws-attention-row" }, cells);
}

const stored = (examples, row) => {
  const found = examples.find((e) => e.row.join() === row.join());
  return found && { ...found, patterns: found.patterns.map((layer) => layer.map((looks, i) => looks.slice(0, i + 1))) };
};

export default {
  title: "Who looks at whom in two trained models",
  fields: ({ start, tasks }) => ({
    task: choice(start.task, tasks),
    digits: text(start.digits, { longest: DIGITS }),
    letters: text(start.letters, { longest: 16 }),
    layer: choice(start.layer, { 1: "1", 2: "2" }),
    place: integer(start.place, { min: 1, max: LONGEST }),
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
    frame.slider("place", "place that asks");
    frame.presets(presets);
    frame.stage.addEventListener("click", (event) => {
      const place = grid?.at(event);
      if (place) frame.set({ place });
    });
    frame.onDraw((state) => {
      const row = rowOf(state);
      frame.stage.replaceChildren();
      if (!row) return state.task === "reversal" ? "The model wants eight digits; this is not that." : "Type letters from a to z: they will be repeated.";
      const found = models ? run(models[state.task], row) : stored(examples, row);
      if (!found) {
        if (!waiting) fetchModels();
        return failed || "Fetching the two models …";
      }
      const layer = Math.min(Number(state.layer), found.patterns.length) - 1;
      const place = Math.min(state.place, row.length) - 1;
      const looks = found.patterns[layer][place];
      grid = gridDrawing(found.patterns[layer], row.map((t) => symbol(state.task, t)), place, frame.width);
      const best = ranking(looks).slice(0, SHOWN).map((i) => [`place ${i + 1}: ${symbol(state.task, row[i])}`, looks[i]]);
      frame.stage.append(grid.node, rowDrawing(state.task, row, looks, place), shareRows(best));
      return told(state, row, found, layer, place);
    });
  },
};
