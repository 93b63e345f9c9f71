// An attention pattern as a square of cells: a row for each query position, a column for each key position.
import { ink } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";

const EDGE = 22; // room for the symbols beside the cells
const LEGIBLE = 14; // pixels a cell needs for its symbol to be written beside it
const FAINT = 0.004;

/** Draw a pattern, given row by row as one array, with the row of `position` framed. */
export function gridDrawing(weights, symbols, position, largest) {
  const count = symbols.length;
  const size = Math.floor((largest - EDGE - 2) / count);
  const side = size * count;
  const node = svg("svg", { width: side + EDGE + 2, height: side + EDGE + 2, class: "ws-attention-grid", "aria-hidden": "true" });
  const word = (x, y, text, more = {}) => svg("text", { x, y, "text-anchor": "middle", "font-size": 12, fill: ink("quiet"), ...more }, text);
  node.append(svg("rect", { x: EDGE, y: EDGE, width: side, height: side, fill: "none", stroke: ink("edge") }));
  weights.forEach((weight, i) => {
    if (weight < FAINT) return;
    const [x, y] = [EDGE + (i % count) * size, EDGE + Math.floor(i / count) * size];
    node.append(svg("rect", { x, y, width: size, height: size, fill: ink("attention"), "fill-opacity": weight }));
  });
  node.append(svg("rect", { x: EDGE - 1, y: EDGE + position * size - 1, width: side + 2, height: size + 2, fill: "none", stroke: ink("accent"), "stroke-width": 2 }));
  if (size >= LEGIBLE) {
    const lit = (i) => (i === Math.round(position) ? { fill: ink("accent"), "font-weight": 700 } : {});
    symbols.forEach((s, i) => node.append(word(EDGE + (i + 0.5) * size, EDGE - 6, s), word(EDGE - 9, EDGE + (i + 0.5) * size + 4, s, lit(i))));
  } else {
    node.append(word(EDGE, EDGE - 6, "key position →", { "text-anchor": "start" }));
    node.append(svg("g", { transform: `translate(${EDGE - 14} ${EDGE}) rotate(90)` }, word(0, 0, "query position →", { "text-anchor": "start" })));
  }
  return { node, at: (event) => rowUnder(event, node, size, count) };
}

// the position, from 1, of the row under a pointer; null beside the pattern
function rowUnder(event, node, size, count) {
  const box = node.getBoundingClientRect();
  const query = Math.floor((event.clientY - box.top - EDGE) / size);
  const inside = event.clientX >= box.left && event.clientX <= box.right;
  return inside && query >= 0 && query < count ? query + 1 : null;
}
