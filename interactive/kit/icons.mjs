// The signs on buttons: drawn, so that they need no font.
import { svg } from "./svg.mjs";

const PATHS = {
  play: "M6 4l10 6l-10 6z",
  pause: "M7 4v12M13 4v12",
  again: "M15.5 10a5.5 5.5 0 1 1-1.6-3.9M14.5 2.5v4h-4",
  step: "M5 4l8 6l-8 6zM15.5 4v12",
  link: "M8.5 11.5l3-3M9.5 6l1.7-1.7a3.2 3.2 0 0 1 4.5 4.5L14 10.5M10.5 14l-1.7 1.7a3.2 3.2 0 0 1-4.5-4.5L6 9.5",
  done: "M4 10.5l4 4l8-9",
};

/** An icon by its name, for the eye only. */
export const icon = (name) =>
  svg("svg", { class: "ws-icon", viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
