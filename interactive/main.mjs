// Wakes the figures of a page that a reader can push. Each one is a picture first; if anything is
// missing or goes wrong, the picture is what stays.
import { Frame } from "./kit/frame.mjs";

const AHEAD = "600px"; // how far below the window a figure is woken

async function wake(script) {
  const name = script.dataset.interactive;
  try {
    const { default: view } = await import(`./figures/${name}.mjs`);
    const frame = new Frame(script, view);
    view.mount(frame, frame.payload);
    frame.show();
    // it has grown: a link to it must still lead to it
    if (asked.includes(name) && location.hash === `#${frame.figure.id}`) frame.figure.scrollIntoView();
  } catch (problem) {
    console.warn(`the figure ${name} stays a picture:`, problem);
  }
}

const asked = [...new URLSearchParams(location.search).keys()].map((key) => key.split(".")[0]);
const waiting = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      waiting.unobserve(target);
      wake(target.querySelector("script[data-interactive]"));
    }
  },
  { rootMargin: AHEAD },
);
for (const script of document.querySelectorAll("figure script[data-interactive]")) {
  if (asked.includes(script.dataset.interactive)) wake(script);
  else waiting.observe(script.closest("figure"));
}
