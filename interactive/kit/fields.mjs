// The kinds of values that a figure's state is made of. A field reads any text, as it may come from
// an address or a box, and answers `undefined` when the text is no value of its kind.

/** A number, kept between `min` and `max`; `log` sliders move by factors. */
export function number(start, { min, max, step = 0.01, digits = 2, log = false, soft = null }) {
  const [low, high] = soft ?? [min, max]; // what the slider covers; the box takes min to max
  const read = (value) => {
    const found = typeof value === "string" && value.trim() === "" ? NaN : Number(value);
    return Number.isNaN(found) ? undefined : Math.min(max, Math.max(min, found));
  };
  return { kind: "number", start, min, max, low, high, step, digits, log, read, write: String };
}

/** A whole number, for steps, positions and counts; `smooth` lets a drawing pass through what lies between. */
export function integer(start, { min, max, smooth = false }) {
  const field = number(start, { min, max, step: 1, digits: 0 });
  const read = (value) => {
    const found = field.read(value);
    return found === undefined ? undefined : Math.round(found);
  };
  return { ...field, whole: true, smooth, read };
}

/** One of several words; `options` maps each to what the reader sees. */
export function choice(start, options) {
  const read = (value) => (Object.hasOwn(options, value) ? value : undefined);
  return { kind: "choice", start, options, read, write: String };
}

/** Yes or no. */
export function flag(start) {
  const words = { true: true, 1: true, false: false, 0: false };
  return { kind: "flag", start, read: (value) => words[String(value)], write: (v) => (v ? "1" : "0") };
}

/** A text of at most `longest` characters. */
export function text(start, { longest }) {
  const read = (value) => (typeof value === "string" ? [...value].slice(0, longest).join("") : undefined);
  return { kind: "text", start, longest, read, write: String };
}
