// Links to a figure in a certain state: one to copy, and those in the text that set it.
import { address, readAddress } from "./address.mjs";
import { button } from "./controls.mjs";
import { icon } from "./icons.mjs";
import { html } from "./svg.mjs";

const STAYS = 2000; // ms that "Copied" is shown

const linkTo = (frame) => {
  const anchor = frame.figure.id ? `#${frame.figure.id}` : "";
  return new URL(location.pathname + address(frame) + anchor, location.href).href;
};

/** A button that copies the figure's address; where copying is forbidden, the address is shown to be copied. */
export function copyButton(frame) {
  const say = (name, words) => made.replaceChildren(icon(name), words);
  const made = button("", async () => {
    try {
      await navigator.clipboard.writeText(linkTo(frame));
      say("done", "Copied");
      frame.spoken.textContent = "The link to this state of the figure has been copied.";
      setTimeout(() => say("link", "Copy link"), STAYS);
    } catch {
      const box = html("input", { type: "text", class: "ws-link", readonly: true, "aria-label": "Link to copy" });
      box.value = linkTo(frame);
      made.replaceWith(box);
      box.select();
    }
  }, { class: "ws-button ws-bare ws-copy" });
  say("link", "Copy link");
  return made;
}

/** The figure and the state that a link of this page asks for; null for any other link. */
export function stateAsked(link, frames) {
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname !== location.pathname || !url.search) return null;
  for (const frame of frames) {
    const patch = readAddress(frame.name, frame.fields, url.search);
    if (Object.keys(patch).length) return { frame, patch };
  }
  return null;
}

/** Let the links in the text set their figures, without loading the page again. */
export function followLinks(frames) {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest?.("a.sets-figure");
    const asked = link && stateAsked(link, frames);
    if (!asked) return;
    event.preventDefault();
    history.pushState(null, "", link.href); // so that Back leads to the text again
    asked.frame.goTo(asked.patch);
  });
}
