// Buttons that set several values at once. The one whose state is shown is lit; where there is a
// player, a preset plays.
import { html } from "./svg.mjs";

/** The state of each preset: what it does not set is as in the initial state, what it sets is read as from an address. */
export function statesOf(patches, start, fields) {
  const read = (patch) => Object.entries(patch).map(([key, value]) => [key, fields[key].read(value)]);
  return Object.entries(patches).map(([label, patch]) => [label, { ...start, ...Object.fromEntries(read(patch)) }]);
}

/** The field that is not compared: the player's, where presets are played up to it or none of them sets it. */
export const uncompared = (player, patches) =>
  (player && (player.auto || !Object.values(patches).some((patch) => player.field in patch)) ? player.field : null);

/** Whether two states are the same but for one field. */
export const isSame = (a, b, except) => Object.keys(a).every((key) => key === except || a[key] === b[key]);

/** The row of presets, `{ label: patch, … }`, and what follows the state. */
export function presets(frame, patches) {
  const made = statesOf(patches, frame.start, frame.fields).map(([label, state]) => {
    const act = () => (frame.player?.auto ? frame.player.film(state) : frame.set(state));
    return { state, node: html("button", { type: "button", class: "ws-chip", onclick: act }, label) };
  });
  const follow = (now) => made.forEach(({ state, node }) => node.setAttribute("aria-pressed", isSame(state, now, uncompared(frame.player, patches))));
  const row = html("div", { class: "ws-presets", role: "group", "aria-label": "Examples" }, made.map(({ node }) => node));
  return { node: row, follow };
}
