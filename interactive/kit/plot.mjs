// A small plot: axes with ticks, and marks in the units of the data. Drawn anew for each state.
import { svg } from "./svg.mjs";
import { shown } from "./words.mjs";

const EDGE = { left: 44, right: 12, top: 10, bottom: 38 };
const FAR = 1e5; // pixels: beyond, browsers draw nonsense

/** Round numbers that cut an interval into about `count` parts. */
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.99);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(i * step);
  return { values: found, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/**
 * `x` and `y` are [low, high]; `xLabel`, `yLabel` name them with units. `logY` and `logX` make an
 * axis of factors. `xTicks`, `yTicks` give the ticks ([value, text] each); [] draws none. A
 * `bare` plot has no axes, and no room for them.
 */
export class Plot {
  constructor({ width, height = 230, x, y, xLabel, yLabel, logX, logY, xTicks, yTicks, edge = {}, bare = false }) {
    Object.assign(this, { width, height, x, y, edge: bare ? { left: 0, right: 0, top: 0, bottom: 0 } : { ...EDGE, ...edge } });
    this.scaleX = scale(x, [this.edge.left, width - this.edge.right], logX);
    this.scaleY = scale(y, [height - this.edge.bottom, this.edge.top], logY);
    this.clip = `ws-clip-${Plot.count++}`;
    this.marks = svg("g", { "clip-path": `url(#${this.clip})` });
    this.over = svg("g");
    this.node = svg(
      "svg",
      { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", class: "ws-plot" },
      svg("clipPath", { id: this.clip }, this.#area()),
      bare ? null : this.#axes(xLabel, yLabel, xTicks ?? auto(x, logX), yTicks ?? auto(y, logY)),
      this.marks,
      this.over,
    );
  }

  /** The point of the data under a pointer, also beyond the axes. */
  under(event) {
    const box = this.node.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * this.width;
    const py = ((event.clientY - box.top) / box.height) * this.height;
    return [this.scaleX.back(px), this.scaleY.back(py)];
  }

  /** The point of the data under a pointer; null outside of the axes. */
  at(event) {
    const inside = (v, [a, b]) => v >= Math.min(a, b) && v <= Math.max(a, b);
    const [x, y] = this.under(event);
    return inside(x, this.x) && inside(y, this.y) ? [x, y] : null;
  }

  /** Where a point of the data is drawn, in pixels from the corner of a box around the plot. */
  pixels([x, y], box) {
    const [own, outer] = [this.node.getBoundingClientRect(), box.getBoundingClientRect()];
    return [own.left - outer.left + near(this.scaleX(x)), own.top - outer.top + near(this.scaleY(y))];
  }

  line(points, { colour = "series-1", width = 2, dash = null } = {}) {
    const path = points.map(([x, y]) => `${near(this.scaleX(x))},${near(this.scaleY(y))}`).join(" ");
    return this.#mark("polyline", { points: path, fill: "none", stroke: ink(colour), "stroke-width": width, "stroke-dasharray": dash });
  }

  area(points, { colour = "series-1", opacity = 0.2 } = {}) {
    const path = points.map(([x, y]) => `${near(this.scaleX(x))},${near(this.scaleY(y))}`).join(" ");
    return this.#mark("polygon", { points: path, fill: ink(colour), "fill-opacity": opacity });
  }

  dot(x, y, { colour = "series-1", r = 4.5, open = false } = {}) {
    const fill = open ? "var(--card)" : ink(colour);
    return this.#mark("circle", { cx: near(this.scaleX(x)), cy: near(this.scaleY(y)), r, fill, stroke: ink(colour), "stroke-width": 1.5 });
  }

  /** A bar from `base` to `y`; `size` is its width in the units of x. */
  bar(x, y, { colour = "series-1", base = 0, size = 0.8, opacity = 1 } = {}) {
    const [a, b] = [near(this.scaleY(y)), near(this.scaleY(base))];
    const [left, right] = [this.scaleX(x - size / 2), this.scaleX(x + size / 2)];
    return this.#mark("rect", { x: left, y: Math.min(a, b), width: right - left, height: Math.max(0.5, Math.abs(a - b)), fill: ink(colour), "fill-opacity": opacity });
  }

  /** Words at a point of the data, moved by `dx`, `dy` pixels; they may leave the axes. */
  label(x, y, words, { colour = "ink", anchor = "start", dx = 0, dy = 0, size = 13, bold = false } = {}) {
    const node = svg("text", { x: near(this.scaleX(x)) + dx, y: near(this.scaleY(y)) + dy, fill: ink(colour), "text-anchor": anchor, "font-size": size, "font-weight": bold ? 600 : null }, words);
    this.over.append(node);
    return node;
  }

  /** Take all words away, and all marks but the first `kept`, which do not change with the state. */
  clear(kept = 0) {
    while (this.marks.children.length > kept) this.marks.lastChild.remove();
    this.over.replaceChildren();
  }

  #mark(tag, attributes) {
    const node = svg(tag, attributes);
    this.marks.append(node);
    return node;
  }

  #area() {
    const { left, right, top, bottom } = this.edge;
    const size = { width: this.width - left - right, height: this.height - top - bottom };
    return svg("rect", { x: left - 1, y: top - 1, width: size.width + 2, height: size.height + 2 });
  }

  #axes(xLabel, yLabel, xTicks, yTicks) {
    const { left, right, top, bottom } = this.edge;
    const floor = this.height - bottom;
    const rule = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2, stroke: "var(--edge)" });
    const word = (x, y, anchor, text, more = {}) =>
      svg("text", { x, y, "text-anchor": anchor, fill: "var(--ink)", "font-size": 12, ...more }, text);
    const group = svg("g", {}, rule(left, floor, this.width - right, floor), rule(left, top, left, floor));
    for (const [value, text] of xTicks) {
      const at = this.scaleX(value);
      group.append(rule(at, floor, at, floor + 4), word(at, floor + 16, "middle", text));
    }
    for (const [value, text] of yTicks) {
      const at = this.scaleY(value);
      group.append(rule(left - 4, at, left, at), word(left - 7, at + 4, "end", text));
    }
    const middle = (top + floor) / 2;
    if (xLabel) group.append(word((left + this.width - right) / 2, this.height - 4, "middle", xLabel, { "font-size": 13 }));
    if (yLabel) group.append(word(0, 0, "middle", yLabel, { "font-size": 13, transform: `translate(12 ${middle}) rotate(-90)` }));
    return group;
  }
}
Plot.count = 0;

/** A colour of the book by its role: ink, quiet, activation, gradient, attention, positive, … */
export const ink = (name) => (/^[a-z0-9-]+$/.test(name) ? `var(--${name})` : name);

const near = (pixels) => (Number.isNaN(pixels) ? -FAR : Math.min(FAR, Math.max(-FAR, pixels)));

function scale([a, b], [from, to], log) {
  const bend = log ? Math.log10 : (v) => v;
  const straight = log ? (v) => 10 ** v : (v) => v;
  const [low, high] = [bend(a), bend(b)];
  const forth = (value) => from + ((bend(value) - low) / (high - low)) * (to - from);
  forth.back = (pixels) => straight(low + ((pixels - from) / (to - from)) * (high - low));
  return forth;
}

function auto([low, high], log) {
  if (!log) {
    const { values, digits } = ticks(Math.min(low, high), Math.max(low, high));
    return values.map((v) => [v, shown(v, digits)]);
  }
  const powers = [];
  for (let p = Math.ceil(Math.log10(low) - 1e-9); p <= Math.log10(high) + 1e-9; p++) powers.push(p);
  const every = Math.ceil(powers.length / 6);
  return powers.filter((_, i) => i % every === 0).map((p) => [10 ** p, power(p)]);
}

const power = (p) => (p >= -2 && p <= 3 ? String(+(10 ** p).toPrecision(1)) : `10${[...String(p)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`);
