// The layers of the network as columns of cells, filled by their activations, and the weights between
// them as faint edges; those of a chosen neuron stand out, as thick as their term of its weighted sum.
import { argmax } from "../core/matrices.mjs";
import { ink } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";
import { shown } from "../kit/words.mjs";

const TOP = 22;
const LONGEST = 16; // cells of the longest layer
const CELL = 40; // pixels that a cell is wide
const BESIDE = 20; // from an output's cell to its bar: room for the digit
const WIDEST = 420;
const HEADS = ["hidden 1", "hidden 2", "output"];
const SHARP = 0.35; // weights beyond this part of the largest are drawn

/** Where everything is in a drawing of some size. */
function layout(width, height) {
  const row = Math.max(13, Math.min(21, Math.floor((height - TOP) / LONGEST)));
  const at = (layer, unit, count) => ({ x: 2 + [0, 0.34, 0.68][layer] * width, y: TOP + row * (unit + 0.5 + (LONGEST - count) / 2) });
  return { row, at, size: row < 18 ? 10 : 12 };
}

function cell(a, { x, y }, { row, size }, chosen, name) {
  const box = { x, y: y - row / 2 + 1, width: CELL, height: row - 3, rx: 3 };
  const edge = { stroke: ink(chosen ? "accent" : "edge"), "stroke-width": chosen ? 3 : 1 };
  return svg(
    "g",
    { class: "ws-digit-cell", "data-neuron": name },
    svg("rect", { ...box, fill: "var(--card)", ...edge }),
    svg("rect", { ...box, fill: ink("activation"), "fill-opacity": 0.5 * a }),
    svg("text", { x: x + CELL / 2, y: y + size / 3, "text-anchor": "middle", "font-size": size, fill: ink("ink") }, shown(a, 2)),
  );
}

// the large weights between the layers, in one path for each sign: solid positive, dashed negative
function edges(layers, { at }) {
  const paths = { positive: "", negative: "" };
  for (const l of [1, 2]) {
    const largest = Math.max(...layers[l].W.map((row) => Math.max(...row.map(Math.abs))));
    layers[l].W.forEach((row, j) => {
      const to = at(l, j, layers[l].W.length);
      row.forEach((w, i) => {
        if (Math.abs(w) < SHARP * largest) return;
        const from = at(l - 1, i, row.length);
        paths[w < 0 ? "negative" : "positive"] += `M${from.x + CELL} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`;
      });
    });
  }
  return Object.entries(paths).map(([sign, d]) =>
    svg("path", { d, stroke: ink(sign), fill: "none", "stroke-opacity": 0.22, "stroke-dasharray": sign === "negative" ? "4 3" : null }),
  );
}

function terms(layers, acts, { layer, unit }, { at }) {
  if (layer === 0) return [];
  const to = at(layer, unit, acts[layer + 1].length);
  const parts = acts[layer].map((a, i) => a * layers[layer].W[unit][i]);
  const most = Math.max(...parts.map(Math.abs), 1e-9);
  return parts.map((part, i) => {
    const from = at(layer - 1, i, parts.length);
    const ends = { x1: from.x + CELL, y1: from.y, x2: to.x, y2: to.y };
    const sign = part < 0 ? { stroke: ink("negative"), "stroke-dasharray": "6 3" } : { stroke: ink("positive") };
    return svg("line", { ...ends, ...sign, "stroke-width": (4 * Math.abs(part)) / most });
  });
}

function output(a, digit, at, winner, longest) {
  const x = at.x + CELL + 6;
  return [
    svg("text", { x, y: at.y + 5, "font-size": 14, "font-weight": winner ? 700 : 400, fill: ink("ink") }, String(digit)),
    svg("rect", { x: at.x + CELL + BESIDE, y: at.y - 5, width: Math.max(0.5, longest * a), height: 10, fill: ink("activation") }),
  ];
}

/** Draw all layers with these activations, the input's first. */
export function layersDrawing(layers, acts, chosen, available, height) {
  const width = Math.min(available, WIDEST);
  const plan = layout(width, height);
  const longest = width - plan.at(2, 0, 10).x - CELL - BESIDE - 2;
  const node = svg("svg", { width, height: TOP + LONGEST * plan.row, "aria-hidden": "true" }, edges(layers, plan));
  if (chosen) node.append(...terms(layers, acts, chosen, plan));
  const best = acts[0].some(Boolean) ? argmax(acts[3]) : -1; // an empty board has no best digit
  acts.slice(1).forEach((values, layer) => {
    const top = plan.at(layer, 0, values.length);
    node.append(svg("text", { x: top.x, y: Math.max(13, top.y - 16), "font-size": 12, fill: ink("quiet") }, HEADS[layer]));
    values.forEach((a, unit) => {
      const at = plan.at(layer, unit, values.length);
      node.append(cell(a, at, plan, chosen?.layer === layer && chosen.unit === unit, `${layer + 1}.${unit}`));
      if (layer === 2) node.append(...output(a, unit, at, unit === best, longest));
    });
  });
  return node;
}
