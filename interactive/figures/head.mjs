// A head of attention: drag a query among the keys, and follow its numbers and shapes to the weighted sum.
import { attend } from "../core/attention.mjs";
import { flag, number } from "../kit/fields.mjs";
import { ink, Plot } from "../kit/plot.mjs";
import { html } from "../kit/svg.mjs";
import { percent, shown } from "../kit/words.mjs";

const REACH = 5; // of the plane, in all directions
const QUERY = "series-2";
const KEY = "series-3";

const list = (items) => `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
const pair = (v) => `(${v.map((x) => shown(x)).join(", ")})`;

function told({ qx, qy, scaled }, words, { scores, weights, sum }) {
  const how = scaled ? "" : ", not divided by the square root,";
  return `The query ${pair([qx, qy])} has the scores ${list(scores.map((s) => shown(s)))}${how} with the keys of ${list(words)}. Softmax makes the attention weights ${list(weights.map((w) => percent(w)))} of them. The weighted sum of the values is ${pair(sum)}.`;
}

/** Keys at the same point share one label. */
export function labels(words, keys) {
  const found = new Map();
  keys.forEach((key, j) => {
    const at = key.join();
    found.set(at, { key, words: [...(found.get(at)?.words ?? []), words[j]] });
  });
  return [...found.values()];
}

function plane(size, query, words, keys) {
  const plot = new Plot({ width: size, height: size, x: [-REACH, REACH], y: [-REACH, REACH], xTicks: [[-3, "−3"], [0, "0"], [3, "3"]], yTicks: [[-3, "−3"], [0, "0"], [3, "3"]], edge: { left: 30, bottom: 24, right: 8 } });
  for (const { key, words: names } of labels(words, keys)) {
    plot.line([[0, 0], key], { colour: KEY, width: 2 });
    plot.dot(...key, { colour: KEY });
    plot.label(...key, names.join(", "), { colour: KEY, dx: 4, dy: 20 });
  }
  plot.line([[0, 0], query], { colour: QUERY, width: 2.5 });
  plot.dot(...query, { colour: QUERY, r: 6 });
  plot.label(...query, "query", { colour: QUERY, dx: 4, dy: -12, bold: true });
  return plot;
}

function matrix(name, rows, colour, headings = null) {
  const cells = rows.map((row) => html("tr", {}, row.map((v) => html("td", {}, shown(v)))));
  const top = headings && html("tr", {}, headings.map((words) => html("th", { scope: "col" }, words)));
  const node = html("table", { class: "ws-matrix" }, html("caption", {}, name), top, cells);
  node.style.setProperty("--role", ink(colour));
  return html("div", { class: "ws-matrix-box" }, node, html("span", { class: "ws-shape" }, `${rows.length} × ${rows[0].length}`));
}

const sign = (words) => html("span", { class: "ws-sign" }, words);

// on a phone the matrices that never change are left out
function flow(query, words, keys, values, { scores, weights, sum }, scaled, narrow) {
  const total = matrix("weighted sum", [sum], "series-4");
  if (narrow) {
    const first = html("div", {}, matrix("query", [query], QUERY), matrix("scores", [scores], "attention"));
    return html("div", { class: "ws-flow", "aria-hidden": "true" }, first, html("div", {}, matrix("weights", [weights], "attention"), total));
  }
  const columns = keys[0].map((_, c) => keys.map((key) => key[c]));
  return html(
    "div",
    { class: "ws-flow", "aria-hidden": "true" },
    html("div", {}, matrix("query", [query], QUERY), sign("·"), matrix("keys, transposed", columns, KEY, words), sign(scaled ? "/ √2 =" : "="), matrix("scores", [scores], "attention")),
    html("div", {}, sign("softmax →"), matrix("attention weights", [weights], "attention", words), sign("·"), matrix("values", values, "series-4"), sign("="), total),
  );
}

export default {
  title: "One query of a head among the keys",
  fields: ({ start }) => ({
    qx: number(start.qx, { min: -REACH, max: REACH, step: 0.1 }),
    qy: number(start.qy, { min: -REACH, max: REACH, step: 0.1 }),
    scaled: flag(true),
  }),
  mount(frame, { words, keys, values, presets }) {
    let plot = null;
    frame.presets(presets);
    frame.slider("qx", "query, first number");
    frame.slider("qy", "query, second number");
    frame.flag("scaled", "divide by the square root of the dimension");
    frame.handle({ label: "the query", plot: () => plot, at: ({ qx, qy }) => [qx, qy], move: ([qx, qy]) => ({ qx: Number(qx.toFixed(2)), qy: Number(qy.toFixed(2)) }), step: [0.1, 0.1], tell: ({ qx, qy }) => pair([qx, qy]) });
    frame.onArrival([{ qx: 0, qy: 3 }], 1600);
    frame.onDraw((state) => {
      const query = [state.qx, state.qy];
      const found = attend(query, keys, values, state.scaled);
      plot = plane(Math.min(frame.width, 260, frame.height - (frame.narrow ? 80 : 60)), query, words, keys);
      frame.stage.replaceChildren(html("div", { class: "ws-head" }, plot.node, flow(query, words, keys, values, found, state.scaled, frame.narrow)));
      return told(state, words, found);
    });
  },
};
