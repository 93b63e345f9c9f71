// Shares as rows: a name, a bar, and the share in figures.
import { textOf } from "../core/pairs.mjs";
import { html } from "./svg.mjs";
import { percent } from "./words.mjs";

const tiny = (share) => (share > 0 && share < 0.0005 ? "< 0.1 %" : percent(share, 1));

/**
 * Rows of `[name, share, quiet]`; a quiet one is no single thing, such as all others together. A
 * share is told as a percentage, or as `tell` has it.
 */
export function shareRows(rows, tell = tiny) {
  return html(
    "div",
    { class: "ws-shares" },
    rows.map(([name, share, quiet]) => {
      const bar = html("span", { class: quiet ? "ws-bar ws-bar-quiet" : "ws-bar" });
      bar.style.width = `${100 * share}%`;
      const words = html("span", { class: quiet ? null : "ws-token" }, name);
      return html("div", {}, words, html("span", { class: "ws-track" }, bar), html("span", {}, tell(share)));
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
