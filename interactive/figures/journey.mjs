// A token's journey through every matrix of the small transformer that the page has trained.
import { journey, lens } from "../core/journey.mjs";
import { argmax, ranking } from "../core/matrices.mjs";
import { bars } from "../kit/bars.mjs";
import { choice, integer, text } from "../kit/fields.mjs";
import { ink } from "../kit/plot.mjs";
import { html, svg } from "../kit/svg.mjs";
import { unpackTree } from "../kit/unpack.mjs";
import { percent } from "../kit/words.mjs";
import { stopCount, stops } from "./journey-stops.mjs";

const SHOWN = 4; // letters with their probabilities
const TALL = 84; // pixels of the tallest matrix
const WIDE = 15; // pixels of the widest cell
const NARROW = 11; // on a phone, so that a matrix and its result stand in one row

/** The tokens of a text: spaces and small letters; one space if nothing is left. */
export function tokensOf(words, longest) {
  const letters = words.toLowerCase().replace(/[^a-z]+/g, " ").slice(-longest);
  return [...(letters || " ")].map((c) => (c === " " ? 0 : c.charCodeAt(0) - 96));
}

const letter = (token) => (token ? String.fromCharCode(96 + token) : "␣");

function panel(frame, { name, values, rows, columns, role, marked, result, tall }) {
  const width = Math.min(frame.narrow ? NARROW : WIDE, Math.floor((frame.width - 8) / columns));
  const height = rows === 1 ? 20 : Math.min(tall ? 15 : 7, TALL / rows);
  const drawn = result ? frame.blend(`result ${columns}`, Array.from(values)) : values;
  const limit = role === "attention" ? 1 : Math.max(...values.map(Math.abs)) || 1;
  const node = svg("svg", { width: width * columns + 2, height: height * rows + 2, "aria-hidden": "true" });
  drawn.forEach((v, i) => {
    const [x, y] = [1 + (i % columns) * width, 1 + Math.floor(i / columns) * height];
    const fill = ink(role === "weights" ? (v < 0 ? "negative" : "positive") : role);
    node.append(svg("rect", { x, y, width, height, fill, "fill-opacity": Math.min(1, Math.abs(v) / limit) }));
  });
  const edge = { fill: "none", stroke: ink("edge") };
  node.append(svg("rect", { x: 0.5, y: 0.5, width: width * columns + 1, height: height * rows + 1, ...edge }));
  if (marked !== undefined) node.append(svg("rect", { x: 1, y: 1 + marked * height, width: width * columns, height, fill: "none", stroke: ink("accent"), "stroke-width": 2 }));
  const words = html("span", {}, html("b", {}, name), ` ${rows} × ${columns}`);
  return html("div", { class: "ws-journey-panel" }, words, node);
}

function sequence(tokens, weights) {
  const cells = tokens.map((token, i) => {
    const node = html("span", { class: i === tokens.length - 1 ? "ws-weight ws-query" : "ws-weight" }, letter(token));
    node.style.setProperty("--weight", weights?.[i] ?? 0);
    return node;
  });
  return html("p", { class: "ws-sequence" }, cells);
}

function told(stop, step, last, tokens, p) {
  const best = argmax(p);
  const most = stop.weights && argmax(stop.weights);
  const where = stop.weights ? ` Its largest weight is ${percent(stop.weights[most])}, on “${letter(tokens[most])}” at position ${most + 1}.` : "";
  return `Step ${step} of ${last}, ${stop.name}: ${stop.words}.${where} From the stream as it is now, the next letter would be “${letter(best)}” (${percent(p[best])}).`;
}

export default {
  title: "A token's journey through every matrix of a small transformer",
  fields: ({ model, start }) => {
    const heads = model.blocks[0].attention.W_q.shape[0];
    return {
      text: text(start.text, { longest: 40 }),
      step: integer(start.step, { min: 0, max: stopCount(model.blocks.length) - 1 }),
      head: choice("1", Object.fromEntries(Array.from({ length: heads }, (_, h) => [String(h + 1), `head ${h + 1}`]))),
    };
  },
  mount(frame, payload) {
    const model = unpackTree(payload.model);
    const last = stopCount(model.blocks.length) - 1;
    frame.presets(payload.presets);
    frame.text("text", "text of letters and spaces (the last one travels)");
    frame.choice("head", "head");
    frame.slider("step", "step");
    frame.play({ field: "step", finished: ({ step }) => step >= last, pace: 1500, label: "Next step" });
    frame.button("Back", () => frame.set({ step: frame.state.step - 1 }), true, ({ step }) => step === 0);
    frame.onArrival([{ step: 0 }], 2400);
    frame.onDraw((state) => {
      const tokens = tokensOf(state.text, model.positions.shape[0]);
      const step = Math.round(state.step);
      const stop = stops(journey(tokens, model), model, tokens.at(-1), Number(state.head) - 1)[step];
      const p = lens(stop.stream, model);
      const rows = ranking(p).slice(0, SHOWN).map((token) => [letter(token), p[token]]);
      frame.stage.replaceChildren(
        html("div", { class: "ws-journey" }, sequence(tokens, stop.weights), html("p", { class: "ws-journey-name" }, stop.name),
          html("div", { class: "ws-journey-panels" }, stop.panels.map((one) => panel(frame, one))),
          html("p", { class: "ws-journey-name" }, "next letter, read from the stream here"), bars(frame, rows)),
      );
      return told(stop, step, last, tokens, p);
    });
  },
};
