import { between, blended, ease, mixed } from "../../core/tween.mjs";
import { address, readAddress } from "../../kit/address.mjs";
import { choice, flag, integer, number, text } from "../../kit/fields.mjs";
import { COLOURS } from "../../kit/pixels.mjs";
import { ticks } from "../../kit/plot.mjs";
import { isSame, statesOf, uncompared } from "../../kit/presets.mjs";
import { half, unpackTree } from "../../kit/unpack.mjs";
import { brief, counted, percent, shown } from "../../kit/words.mjs";

const FIELDS = {
  number: number(1, { min: -10, max: 10 }),
  integer: integer(1, { min: 0, max: 9 }),
  choice: choice("a", { a: "A", b: "B" }),
  flag: flag(false),
  text: text("", { longest: 3 }),
};
const MOVING = {
  ...FIELDS,
  factor: number(1, { min: 0, max: 1000, log: true }),
  smooth: integer(0, { min: 0, max: 99, smooth: true }),
};
const found = (value) => (value === undefined ? null : value);

export default {
  ease: (t) => t.map(ease),
  between: ({ a, b, t, log }) => t.map((v) => between(a, b, v, log)),
  mixed: ({ from, to, t }) => {
    const { flag: _, text: __, ...fields } = MOVING;
    return mixed(fields, from, to, t);
  },
  blended: ({ from, to, t }) => blended(from, to, t),
  shown: ({ values, digits }) => values.map((v) => shown(v, digits)),
  beyond: () => [shown(Infinity), shown(-Infinity), shown(1e300)],
  counted: (counts) => counts.map((n) => counted(n, "step")),
  brief: (values) => values.map(brief),
  percent: (values) => values.map((v) => percent(v, 1)),
  read: ({ kind, values }) => values.map((v) => found(FIELDS[kind].read(v))),
  readAddress: ({ name, search }) => readAddress(name, FIELDS, search),
  address: ({ state, search }) => {
    const start = Object.fromEntries(Object.entries(FIELDS).map(([key, field]) => [key, field.start]));
    return address({ name: "fig", fields: FIELDS, start, state: { ...start, ...state } }, search);
  },
  statesOf: (patches) => Object.fromEntries(statesOf(patches, { number: 1, text: "a" }, FIELDS)),
  isSame: ({ a, b, except }) => isSame(a, b, except),
  uncompared: ({ player, patches }) => uncompared(player, patches),
  half: (bits) => bits.map(half),
  unpackTree: (tree) => {
    const { W, b } = unpackTree(tree)[0];
    return [W.shape, W.values, b.values];
  },
  cutShort: (tree) => {
    try {
      unpackTree(tree);
      return "nothing was said";
    } catch (problem) {
      return problem.message;
    }
  },
  ticks: ([low, high]) => ticks(low, high).values,
  colours: ({ name, values }) => values.map((v) => COLOURS[name](v)),
};
