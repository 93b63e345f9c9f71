// Wakes the figures of a page that a reader can push. Each one is a picture first; if anything is
// missing or goes wrong, the picture is what stays.
import { Frame } from "./kit/frame.mjs";
import { followLinks } from "./kit/links.mjs";

async function wake(script) {
  const name = script.dataset.interactive;
  try {
    const { default: view } = await import(`./figures/${name}.mjs`);
    const frame = new Frame(script, view);
    view.mount(frame, frame.payload);
    frame.show();
    frames.push(frame);
    // it has grown: a link to it must still lead to it
    if (asked.includes(name) && location.hash === `#${frame.figure.id}`) frame.figure.scrollIntoView();
  } catch (problem) {
    console.warn(`the figure ${name} stays a picture:`, problem);
  }
}

const frames = [];
const asked = [...new URLSearchParams(location.search).keys()].map((key) => key.split(".")[0]);

// All wake at once, far from the window too: a page that grows later would move under its reader.
const scripts = [...document.querySelectorAll("figure script[data-interactive]")];
await Promise.allSettled(scripts.map((script) => import(`./figures/${script.dataset.interactive}.mjs`)));
// A reader who comes back or reloads the page is put where she was by the browser, which counts from
// the top of the page as it was left, figures awake. The text must not be anchored meanwhile; and a
// position that the shorter page did not reach is reached now.
const type = performance.getEntriesByType("navigation")[0]?.type;
const returned = type === "reload" || type === "back_forward";
const { documentElement: root, body } = document;
const key = `left ${location.pathname}`;
const cut = returned && scrollY + innerHeight >= root.scrollHeight - 2;
if (returned) body.style.overflowAnchor = "none";
await Promise.all(scripts.map(wake));
followLinks(frames);
if (cut) scrollTo({ top: sessionStorage.getItem(key), behavior: "instant" });
requestAnimationFrame(() => requestAnimationFrame(() => body.style.removeProperty("overflow-anchor")));
addEventListener("pagehide", () => sessionStorage.setItem(key, scrollY));
