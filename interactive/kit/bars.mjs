// Probabilities as rows: a name, a bar, and the number.
import { textOf } from "../core/tokens.mjs";
import { ink } from "./plot.mjs";
import { html } from "./svg.mjs";
import { percent } from "./words.mjs";

const tiny = (p) => (p > 0 && p < 0.0005 ? "< 0.1 %" : percent(p, 1));

/**
 * Rows of `[name, value, quiet]`, values from 0 to 1; a quiet one is no single thing, such as all
 * others together. A value is written as a percentage, or as `write` has it; the bars glide to it.
 */
export function bars(frame, rows, { write = tiny, colour = "activation" } = {}) {
  const lengths = frame.blend("bars", rows.map(([, value]) => value));
  return html(
    "div",
    { class: "ws-bars" },
    rows.map(([name, value, quiet], i) => {
      const bar = html("span", { class: "ws-bar" });
      bar.style.width = `${100 * lengths[i]}%`;
      bar.style.background = ink(quiet ? "quiet" : colour);
      const words = html("span", { class: quiet ? null : "ws-token" }, name);
      return html("div", {}, words, html("span", { class: "ws-track" }, bar), html("span", {}, write(value)));
    }),
  );
}

/** Words of a token with its white space made visible. */
export const visible = (words) => words.replace(/ /g, "␣").replace(/\n/g, "⏎").replace(/\t/g, "⇥");

/** Whether a token's bytes are no whole characters. */
export const isBroken = (bytes) => textOf(bytes).includes("�");

/** A token's bytes as words; those of a broken character in hexadecimal. */
export const tokenWords = (bytes) =>
  isBroken(bytes) ? bytes.map((b) => b.toString(16).padStart(2, "0")).join(" ") : visible(textOf(bytes));
