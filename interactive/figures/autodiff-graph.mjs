// A computation graph as nodes and edges: from left to right, or on a phone from top to bottom.
import { ink } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";
import { shown } from "../kit/words.mjs";

const BOX = { width: 58, height: 42 };
const NARROW = 460; // below, the graph runs downwards

/** A number with as many digits as it needs, up to two. */
export const short = (value) => shown(value, Number.isInteger(value) ? 0 : 2);

const write = (x, y, words, more = {}) => svg("text", { x, y, "font-size": 13, "text-anchor": "middle", fill: ink("ink"), ...more }, words);

function positions(layout, width, height) {
  const depths = Object.values(layout).map(([depth]) => depth);
  const last = Math.max(...depths);
  if (width < NARROW) {
    const step = (Math.max(height, 62 * last + BOX.height) - BOX.height - 8) / last;
    return { height: step * last + BOX.height + 8, at: ([depth, lane]) => [0.42 * width + lane * 0.3 * width, step * depth + BOX.height / 2 + 4] };
  }
  const across = (width - BOX.width - 4) / last;
  return { height: 260, at: ([depth, lane]) => [BOX.width / 2 + 2 + across * depth, 134 + lane * 84] };
}

// `side` moves an edge to its left or right, for two between the same nodes
function edge(from, to, derivative, known, side) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [sx, sy] = [(-dy / length) * side, (dx / length) * side];
  const reach = Math.min((BOX.width / 2 + 3) / Math.abs(dx || 1e-9), (BOX.height / 2 + 3) / Math.abs(dy || 1e-9));
  const ends = { x1: from[0] + dx * reach + sx, y1: from[1] + dy * reach + sy, x2: to[0] - dx * reach + sx, y2: to[1] - dy * reach + sy };
  // the factor stands beside the middle of the edge, above it or to its right
  const beside = 9 + Math.abs(side) * 0.2;
  const [nx, ny] = [(dy / length) * (side ? Math.sign(-side) : 1), (-dx / length) * (side ? Math.sign(-side) : 1)];
  const [mx, my] = [(ends.x1 + ends.x2) / 2 + nx * beside * 1.6, (ends.y1 + ends.y2) / 2 + ny * beside];
  const colour = ink(known ? "gradient" : "quiet");
  return [
    svg("line", { ...ends, stroke: colour, "stroke-width": known ? 2.5 : 1.5, "marker-end": `url(#ws-autodiff-${known ? "known" : "tip"})` }),
    write(mx, my + 4, `× ${short(derivative)}`, { fill: colour, "font-size": 12 }),
  ];
}

function box([x, y], node, label, gradient, next, beside) {
  const outline = { stroke: ink(next ? "accent" : node.inputs.length ? "activation" : "series-2"), "stroke-width": next ? 3 : 1.5 };
  const at = beside ? [x + BOX.width / 2 + 6, y + 4] : [x, y - BOX.height / 2 - 6];
  return [
    svg("rect", { x: x - BOX.width / 2, y: y - BOX.height / 2, ...BOX, rx: 5, fill: "var(--card)", ...outline }),
    write(...at, label, { "font-size": 12, "text-anchor": beside ? "start" : "middle" }),
    write(x, y - 3, short(node.value)),
    write(x, y + 15, gradient === null ? (next ? "?" : "") : short(gradient), { fill: ink("gradient"), "font-weight": 700 }),
  ];
}

/** Draw the graph; `known` maps names to the gradients that are revealed, `next` is the marked node. */
export function graphDrawing(nodes, { layout, labels }, known, next, width, room) {
  const { at, height } = positions(layout, width, room);
  const tip = (id, colour) =>
    svg("marker", { id: `ws-autodiff-${id}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z", fill: ink(colour) }));
  const node = svg("svg", { width, height, "aria-hidden": "true" }, svg("defs", {}, tip("tip", "quiet"), tip("known", "gradient")));
  for (const { name, inputs, derivatives } of nodes.values()) {
    inputs.forEach((input, i) => {
      const twice = inputs.length > 1 && inputs[0] === inputs[1];
      node.append(...edge(at(layout[input]), at(layout[name]), derivatives[i], known.has(name), twice ? 15 * (2 * i - 1) : 0));
    });
  }
  for (const [name, part] of nodes) node.append(...box(at(layout[name]), part, labels[name], known.get(name) ?? null, name === next, width < NARROW));
  return node;
}
