// An attention pattern as a square of cells: a row for each query position, a column for each key position.
import { ink } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";

const LARGEST = 340;
const EDGE = 22; // room for the symbols beside the cells
const LEGIBLE = 14; // pixels a cell needs for its symbol to be written beside it
const FAINT = 0.004;

/** Draw a pattern, the chosen row framed; `at(event)` gives the position, from 1, of a pointer's row. */
export function gridDrawing(pattern, symbols, position, width) {
  const count = pattern.length;
  const size = Math.floor((Math.min(width, LARGEST) - EDGE - 2) / count);
  const side = size * count;
  const node = svg("svg", { width: side + EDGE + 2, height: side + EDGE + 2, class: "ws-attention-grid", "aria-hidden": "true" });
  const word = (x, y, text, anchor = "middle") => svg("text", { x, y, "text-anchor": anchor, "font-size": 12, fill: ink("ink") }, text);
  node.append(svg("rect", { x: EDGE, y: EDGE, width: side, height: side, fill: "none", stroke: ink("quiet") }));
  pattern.forEach((weights, query) =>
    weights.forEach((weight, key) => {
      if (weight < FAINT) return;
      node.append(svg("rect", { x: EDGE + key * size, y: EDGE + query * size, width: size, height: size, fill: ink("activation"), "fill-opacity": weight }));
    }),
  );
  node.append(svg("rect", { x: EDGE - 1, y: EDGE + position * size - 1, width: side + 2, height: size + 2, fill: "none", stroke: ink("positive"), "stroke-width": 2 }));
  if (size >= LEGIBLE) {
    symbols.forEach((s, i) => node.append(word(EDGE + (i + 0.5) * size, EDGE - 6, s), word(EDGE - 9, EDGE + (i + 0.5) * size + 4, s)));
  } else {
    node.append(word(EDGE, EDGE - 6, "key position →", "start"));
    node.append(svg("g", { transform: `translate(${EDGE - 14} ${EDGE}) rotate(90)` }, word(0, 0, "query position →", "start")));
  }
  const at = (event) => {
    const box = node.getBoundingClientRect();
    const query = Math.floor((event.clientY - box.top - EDGE) / size);
    const inside = event.clientX >= box.left && event.clientX <= box.right;
    return inside && query >= 0 && query < count ? query + 1 : null;
  };
  return { node, at };
}
