// The layers of the network as columns of cells, filled by their activations; the lines are the
// terms of the chosen neuron's weighted sum.
import { argmax } from "../core/matrices.mjs";
import { ink } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";
import { shown } from "../kit/words.mjs";

const ROW = 21;
const TOP = 24;
const CELL = { width: 42, height: 18 };
const BESIDE = 20; // from an output's cell to its bar: room for the digit
const WIDEST = 460;

const HEADS = ["hidden 1", "hidden 2", "output"];

/** Where a cell's left edge and its middle are. */
function cellAt(width, layer, unit, count) {
  const x = 2 + [0, 0.32, 0.64][layer] * width;
  return { x, y: TOP + ROW * (unit + 0.5 + (16 - count) / 2) };
}

function cell(a, { x, y }, chosen, pick) {
  const box = { x, y: y - CELL.height / 2, ...CELL, rx: 3 };
  const edge = { stroke: ink(chosen ? "positive" : "quiet"), "stroke-width": chosen ? 3 : 1 };
  return svg(
    "g",
    { class: "ws-digit-cell", onclick: pick },
    svg("rect", { ...box, fill: "var(--ws-card)", ...edge }),
    svg("rect", { ...box, fill: ink("activation"), "fill-opacity": 0.5 * a }),
    svg("text", { x: x + CELL.width / 2, y: y + 4.5, "text-anchor": "middle", "font-size": 13, fill: ink("ink") }, shown(a, 2)),
  );
}

function terms(layers, acts, { layer, unit }, width) {
  if (layer === 0) return [];
  const to = cellAt(width, layer, unit, acts[layer + 1].length);
  const weights = layers[layer].W[unit];
  const parts = [...acts[layer]].map((a, i) => a * weights[i]);
  const most = Math.max(...parts.map(Math.abs), 1e-9);
  return parts.map((part, i) => {
    const from = cellAt(width, layer - 1, i, parts.length);
    const ends = { x1: from.x + CELL.width, y1: from.y, x2: to.x, y2: to.y };
    return svg("line", { ...ends, stroke: ink(part < 0 ? "negative" : "positive"), "stroke-width": (4 * Math.abs(part)) / most });
  });
}

function answer(a, digit, at, winner, longest) {
  const x = at.x + CELL.width + 6;
  const weight = winner ? 700 : 400;
  return [
    svg("text", { x, y: at.y + 5, "font-size": 15, "font-weight": weight, fill: ink("ink") }, String(digit)),
    svg("rect", { x: at.x + CELL.width + BESIDE, y: at.y - 6, width: Math.max(0.5, longest * a), height: 12, fill: ink("activation") }),
  ];
}

/** Draw all layers; `pick(layer, unit)` is called for a cell that is pressed. */
export function layersDrawing(layers, acts, chosen, width, pick) {
  const column = Math.min(width, WIDEST);
  const longest = column - cellAt(column, 2, 0, 10).x - CELL.width - BESIDE - 2;
  const node = svg("svg", { width: column, height: TOP + 16 * ROW, "aria-hidden": "true" });
  if (chosen) node.append(...terms(layers, acts, chosen, column));
  const best = argmax(acts[3]);
  acts.slice(1).forEach((values, layer) => {
    const top = cellAt(column, layer, 0, values.length);
    node.append(svg("text", { x: top.x, y: Math.max(14, top.y - 18), "font-size": 13, fill: ink("ink") }, HEADS[layer]));
    values.forEach((a, unit) => {
      const at = cellAt(column, layer, unit, values.length);
      const isChosen = chosen?.layer === layer && chosen.unit === unit;
      node.append(cell(a, at, isChosen, () => pick(layer, unit)));
      if (layer === 2) node.append(...answer(a, unit, at, unit === best, longest));
    });
  });
  return node;
}
