// Buttons that set several values at once. The one whose state is shown is lit; where there is a
// player, a preset plays.
import { html } from "./svg.mjs";

/** The row of presets, `{ label: patch, … }`, and what follows the state. */
export function presets(frame, patches) {
  const made = Object.entries(patches).map(([label, patch]) => {
    const state = { ...frame.start, ...patch };
    const act = () => (frame.player?.auto ? frame.player.film(state) : frame.set(state));
    return { state, node: html("button", { type: "button", class: "ws-chip", onclick: act }, label) };
  });
  const same = (a, b) => Object.keys(frame.fields).every((key) => key === frame.player?.field || a[key] === b[key]);
  const follow = (now) => made.forEach(({ state, node }) => node.setAttribute("aria-pressed", same(state, now)));
  const row = html("div", { class: "ws-presets", role: "group", "aria-label": "Examples" }, made.map(({ node }) => node));
  return { node: row, follow };
}
