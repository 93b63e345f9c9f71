// Wakes the figures of a page that a reader can push. Each one is a picture first; if anything is
// missing or goes wrong, the picture is what stays.
import { Frame } from "./kit/frame.mjs";
import { followLinks } from "./kit/links.mjs";

// what a figure draws stands in the page or, where it is long, in a file: no text waits for that
async function payloadOf({ dataset, textContent }) {
  if (!dataset.payload) return JSON.parse(textContent);
  const answer = await fetch(new URL(dataset.payload, document.baseURI), { priority: "low" });
  if (!answer.ok) throw new Error(`for its payload the server answered ${answer.status}`);
  return answer.json();
}

async function wake(script) {
  const name = script.dataset.interactive;
  try {
    const payload = await payloads.get(script);
    const { default: view } = await import(`./figures/${name}.mjs`);
    const frame = new Frame(script, view, payload);
    view.mount(frame, payload);
    frame.show();
    frames.push(frame);
    // it has grown: a link to it must still lead to it
    if (asked.includes(name) && location.hash === `#${frame.figure.id}`) frame.figure.scrollIntoView();
  } catch (problem) {
    console.warn(`the figure ${name} stays a picture:`, problem);
    script.closest("figure").classList.add("ws-asleep");
  }
}

const frames = [];
const asked = [...new URLSearchParams(location.search).keys()].map((key) => key.split(".")[0]);

// All wake at once, far from the window too: a page that grows later would move under its reader.
const scripts = [...document.querySelectorAll("figure script[data-interactive]")];
const payloads = new Map(scripts.map((script) => [script, payloadOf(script)]));
const modules = scripts.map((script) => import(`./figures/${script.dataset.interactive}.mjs`));
await Promise.allSettled([...payloads.values(), ...modules]);
// A reader who comes back or reloads the page finds the line that she read where it was. The browser
// alone would put it where the page was before its figures grew, or where it is after, as it happens.
const type = performance.getEntriesByType("navigation")[0]?.type;
const key = `left ${location.pathname}`;
const lines = () => [...document.querySelectorAll("article :is(h1, h2, h3, p, pre, li)")].filter((e) => !e.closest("figure"));

function leave() {
  const all = lines();
  const at = Math.max(0, all.findIndex((e) => e.getBoundingClientRect().bottom > 0));
  sessionStorage.setItem(key, JSON.stringify({ at, top: all[at]?.getBoundingClientRect().top ?? 0 }));
}

function comeBack() {
  const { at, top } = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  const line = lines()[at];
  if (line) scrollBy({ top: line.getBoundingClientRect().top - top, behavior: "instant" });
}

await Promise.all(scripts.map(wake));
followLinks(frames);
if (type === "reload" || type === "back_forward") comeBack();
addEventListener("pagehide", leave);
