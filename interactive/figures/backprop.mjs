// One step of BP2 on a matrix of two rows and three columns: rows forward, columns back.
import { rowSums, stepBack } from "../core/backprop.mjs";
import { integer, number } from "../kit/fields.mjs";
import { ink } from "../kit/plot.mjs";
import { svg } from "../kit/svg.mjs";
import { shown } from "../kit/words.mjs";

const BESIDE = [82, 108]; // pixels for the sums and the errors beside a narrow or a wide matrix
const NARROW = 340; // pixels of the whole drawing
const TOP = 58;
const ROW = 56;
const BELOW = [30, 58, 90]; // the lines of results under the matrix
const STEPS = 5; // two rows, then three columns
const THIN = 2; // decimals of what is given; results have one more

const small = (v) => shown(v, Number.isInteger(v) ? 0 : THIN);
const factor = (v) => (v < 0 ? `(${small(v)})` : small(v));
const sumOf = (ones, others) => ones.map((v, k) => `${factor(v)} × ${factor(others[k])}`).join(" + ");

/** The numbers of a state, and which row or column is at work: `{ row }`, `{ column }` or neither. */
export function walked(W, { step, a1, a2, a3, d1, d2 }) {
  const [a, delta, at] = [[a1, a2, a3], [d1, d2], Math.floor(step)];
  const active = at === 0 ? {} : at <= W.length ? { row: at - 1 } : { column: at - W.length - 1 };
  return { a, delta, z: rowSums(W, a), ...stepBack(W, delta, a), at, active };
}

function told(W, { a, delta, z, sums, derivatives, errors, active }) {
  const { row, column } = active;
  if (row !== undefined) {
    return `Forward, row ${row + 1} of W meets the activations: ${sumOf(W[row], a)} = ${shown(z[row], 3)}, the weighted sum of neuron ${row + 1}.`;
  }
  if (column !== undefined) {
    const sum = `${sumOf(W.map((line) => line[column]), delta)} = ${shown(sums[column], 3)}`;
    const derivative = `σ′ = ${small(a[column])} × ${small(1 - a[column])} = ${shown(derivatives[column], 4)}`;
    return `Back, column ${column + 1} of W meets the errors: ${sum}. Times ${derivative}, the error of neuron ${column + 1} is ${shown(errors[column], 4)}.`;
  }
  return `Two neurons with the errors ${delta.map(small).join(" and ")} follow on three. Forward, each row of W meets the activations; back, each column meets the errors.`;
}

/** The matrix with what meets it above and to the right, and what comes out to the right and below. */
class Step {
  constructor(W, width) {
    this.narrow = width < NARROW;
    this.beside = BESIDE[this.narrow ? 0 : 1];
    Object.assign(this, { W, cell: Math.min(110, (width - this.beside - 4) / W[0].length), bottom: TOP + ROW * W.length });
    this.edge = 2 + this.cell * W[0].length;
    this.largest = Math.max(...W.flat().map(Math.abs));
    this.node = svg("svg", { width, height: this.bottom + BELOW[2] + 14, "aria-hidden": "true" });
  }

  x(i) {
    return 2 + (i + 0.5) * this.cell;
  }

  y(j) {
    return TOP + (j + 0.5) * ROW;
  }

  write(x, y, words, more = {}) {
    this.node.append(svg("text", { x, y, "font-size": 14, "text-anchor": "middle", fill: ink("ink"), ...more }, words));
  }

  weights({ a, delta, active }) {
    this.W.forEach((line, j) => line.forEach((w, i) => {
      const [x, y] = [2 + i * this.cell, TOP + j * ROW];
      const [forward, back] = [active.row === j, active.column === i];
      const fill = { fill: ink(w < 0 ? "negative" : "positive"), "fill-opacity": (0.4 * Math.abs(w)) / this.largest };
      this.node.append(svg("rect", { x, y, width: this.cell, height: ROW, stroke: ink("edge"), ...fill }));
      this.write(this.x(i), this.y(j) + (forward || back ? -3 : 5), small(w));
      if (!forward && !back) return;
      const product = forward ? w * a[i] : w * delta[j];
      this.write(this.x(i), this.y(j) + 17, `${this.narrow ? "" : "→ "}${shown(product, 3)}`, { fill: ink(forward ? "activation" : "gradient"), "font-size": 12 });
    }));
  }

  frame({ row, column }) {
    if (row === undefined && column === undefined) return;
    const [x, width] = row === undefined ? [2 + column * this.cell, this.cell] : [2, this.cell * this.W[0].length];
    const [y, height] = row === undefined ? [TOP, ROW * this.W.length] : [TOP + row * ROW, ROW];
    const stroke = ink(row === undefined ? "gradient" : "activation");
    this.node.append(svg("rect", { x, y, width, height, fill: "none", stroke, "stroke-width": 3 }));
  }

  given({ a, delta, z, at }) {
    const [zs, errors] = [this.edge + 0.27 * this.beside, this.edge + 0.75 * this.beside];
    a.forEach((v, i) => this.write(this.x(i), TOP - 12, small(v), { fill: ink("activation"), "font-weight": 700 }));
    this.write(this.x(1), 14, "activations a ↓", { fill: ink("activation"), "font-size": 13 });
    this.write(zs, TOP - 12, "z", { fill: ink("activation"), "font-style": "italic" });
    this.write(errors, TOP - 12, "← δ", { fill: ink("gradient") });
    delta.forEach((v, j) => this.write(errors, this.y(j) + 5, small(v), { fill: ink("gradient"), "font-weight": 700 }));
    z.forEach((v, j) => this.write(zs, this.y(j) + 5, at > j ? shown(v) : "?", { fill: ink("activation") }));
  }

  results({ sums, derivatives, errors, at }) {
    const lines = [[sums, "sum"], [derivatives, "× σ′"], [errors, "= δ before"]];
    const digits = this.narrow ? 3 : 4;
    lines.forEach(([values, name], k) => {
      const more = { fill: ink("gradient"), "font-weight": k === 2 ? 700 : 400, "font-size": this.narrow ? 12 : 14 };
      values.forEach((v, i) => this.write(this.x(i), this.bottom + BELOW[k], at > this.W.length + i ? shown(v, digits) : "?", more));
      this.write(this.edge + 8, this.bottom + BELOW[k], name, { "text-anchor": "start", "font-size": 13, fill: ink("gradient") });
    });
  }
}

export default {
  title: "One step of backpropagation: rows forward, columns back",
  fields: ({ start }) => ({
    step: integer(STEPS, { min: 0, max: STEPS, smooth: true }),
    ...Object.fromEntries(["a1", "a2", "a3"].map((key) => [key, number(start[key], { min: 0, max: 1, step: 0.01 })])),
    ...Object.fromEntries(["d1", "d2"].map((key) => [key, number(start[key], { min: -1, max: 1, step: 0.01 })])),
  }),
  mount(frame, { W, presets }) {
    frame.play({ field: "step", finished: ({ step }) => step >= STEPS, pace: 1300 });
    frame.presets(presets);
    frame.slider("step", "step");
    for (const j of [1, 2]) frame.slider(`d${j}`, `error δ of neuron ${j}`);
    for (const i of [1, 2, 3]) frame.slider(`a${i}`, `activation ${i}`);
    frame.onArrival([{ step: 0 }], 6000);
    frame.onDraw((state) => {
      const found = walked(W, state);
      const drawing = new Step(W, Math.min(frame.width, 470));
      drawing.weights(found);
      drawing.frame(found.active);
      drawing.given(found);
      drawing.results(found);
      frame.stage.replaceChildren(drawing.node);
      return told(W, found);
    });
  },
};
