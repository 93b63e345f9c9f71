// The transformer that was trained while this page was built writes on, token by token.
import { ranking } from "../core/matrices.mjs";
import { textOf } from "../core/tokens.mjs";
import { bars, isBroken, tokenWords } from "../kit/bars.mjs";
import { choice, flag, integer, number, text } from "../kit/fields.mjs";
import { html } from "../kit/svg.mjs";
import { unpackTree } from "../kit/unpack.mjs";
import { counted, percent } from "../kit/words.mjs";
import { Writer } from "./gpt-writer.mjs";

const MOST = 300; // tokens that are written
const SHOWN = 8; // of the next token's probabilities
const ARRIVAL = 60; // ms for a token

const headOf = (state) => {
  const [layer, head] = state.head.split(".").map((n) => Number(n) - 1);
  return { layer, head };
};

/** The token whose attention is shown, and its weights: the one that was pressed, or the last. */
export function queryOf({ tokens, attention }, state) {
  const at = state.query && state.query <= tokens.length ? state.query - 1 : tokens.length - 1;
  const { layer, head } = headOf(state);
  const { start, heads } = attention[at];
  return { at, start, weights: heads[layer][head] };
}

function told(written, state, writer) {
  const { tokens, p } = written;
  const name = (token) => `“${tokenWords(writer.pieces[token])}”`;
  const [first, second] = ranking(p);
  const next = p[second] > 0 ? `, then ${name(second)} (${percent(p[second])})` : "";
  const { at, start, weights } = queryOf(written, state);
  const { layer, head } = headOf(state);
  const best = ranking(weights)[0];
  const back = counted(at - start - best, "position");
  return `Next: ${name(first)} (${percent(p[first])})${next}. For the token ${name(tokens[at])}, the largest attention weight of head ${head + 1} in layer ${layer + 1} is ${percent(weights[best])}, on ${name(tokens[start + best])}, ${back} back.`;
}

// white space as it is, or with signs for it; bytes that are no character always as numbers
const wordsOf = (bytes, signs) => (signs || isBroken(bytes) ? tokenWords(bytes) : textOf(bytes));

function tokensDrawing(written, state, writer) {
  const { tokens, prompted } = written;
  const { at, start, weights } = queryOf(written, state);
  return tokens.map((token, i) => {
    const bytes = writer.pieces[token];
    const kind = `ws-weight${i < prompted ? " ws-gpt-prompt" : ""}${i === at ? " ws-query" : ""}`;
    const node = html("span", { class: kind, "data-token": i + 1 }, wordsOf(bytes, state.signs));
    node.style.setProperty("--weight", i < start ? 0 : weights[i - start] ?? 0);
    return state.signs && bytes.includes(10) ? [node, html("br")] : [node];
  }).flat();
}

/** The page that is written on; a press chooses the token whose attention is shown, and so do the arrow keys. */
function pageOf(frame) {
  const choose = (token) => frame.set({ query: token });
  const keys = { ArrowLeft: -1, ArrowRight: 1 };
  const onkeydown = (event) => {
    if (!keys[event.key] || !frame.writer) return;
    event.preventDefault();
    const { tokens } = frame.writer.write(frame.state);
    choose(Math.max(1, Math.min(tokens.length, (frame.state.query || tokens.length) + keys[event.key])));
  };
  const onclick = (event) => {
    const token = Number(event.target.dataset.token);
    if (token) choose(token === frame.state.query ? 0 : token);
  };
  const label = "The text. The arrow keys choose the token whose attention is shown.";
  return html("div", { class: "ws-gpt-text", tabindex: 0, role: "group", "aria-label": label, onkeydown, onclick });
}

const countOf = (frame) => (frame.narrow ? 4 : SHOWN);

function draw(frame, page, written, state, writer) {
  page.replaceChildren(...tokensDrawing(written, state, writer));
  const rows = ranking(written.p).slice(0, countOf(frame));
  show(frame, page, bars(frame, rows.map((i) => [tokenWords(writer.pieces[i]), written.p[i]])));
  page.scrollTop = state.query ? page.scrollTop : page.scrollHeight;
}

// before there is a model, the drawing is as high as it will be: nothing below it moves when it comes
function drawWaiting(frame, page, { prompt }) {
  page.replaceChildren(prompt);
  show(frame, page, bars(frame, Array(countOf(frame)).fill(["…", 0]), { write: () => "" }));
}

function show(frame, page, next) {
  const key = html("p", { class: "ws-gpt-key" }, "Shaded: the attention weights of the framed token. Press another. Below: the next token.");
  if (!page.isConnected) frame.stage.replaceChildren(page);
  while (page.nextSibling) page.nextSibling.remove();
  page.after(key, next);
}

/** A writer that has written what a state shows: in small pieces, so that a reader can scroll meanwhile. */
async function written(state, model, merges) {
  const writer = new Writer(model, merges);
  for (let count = 0; count < state.count; count += 8) {
    writer.write({ ...state, count });
    await new Promise((go) => { setTimeout(go); });
  }
  return writer;
}

/** Fetch the model when the figure is seen, or when the reader asks for it. */
function loadWhenSeen(frame, payload) {
  const load = async () => {
    button.disabled = true;
    frame.failed = null;
    try {
      frame.writer = await written(frame.state, unpackTree(payload.model, await frame.bytes()), payload.merges);
      button.remove();
      frame.onArrival([{ count: 0 }], ARRIVAL * frame.state.count);
    } catch (problem) {
      button.disabled = false;
      frame.failed = `The model could not be fetched (${problem.message}). Press Load to try again.`;
    }
    frame.refresh();
    frame.watchForArrival();
  };
  const button = frame.button(payload.load, load, true);
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    if (!navigator.connection?.saveData) load();
  }, { threshold: 0.3 });
  seen.observe(frame.root);
}

export default {
  title: "The small GPT of this page writes on",
  fields: ({ start, heads, vocab_size }) => ({
    prompt: text(start.prompt, { longest: 80 }),
    count: integer(start.count, { min: 0, max: MOST }),
    temperature: number(start.temperature, { min: 0, max: 100, soft: [0, 2], step: 0.05 }),
    top_k: { ...integer(start.top_k, { min: 1, max: vocab_size }), log: true },
    seed: integer(start.seed, { min: 0, max: 9999 }),
    head: choice(start.head, heads),
    query: integer(0, { min: 0, max: 1000 }),
    signs: flag(false),
  }),
  mount(frame, payload) {
    const last = () => ({ query: 0 });
    const full = ({ count }) => !frame.writer || count >= MOST;
    frame.presets(payload.presets);
    frame.text("prompt", "prompt", last);
    frame.slider("temperature", "temperature T");
    frame.slider("top_k", "top-k");
    frame.slider("seed", "seed");
    frame.choice("head", "head");
    frame.flag("signs", "show spaces and line ends");
    const again = () => ({ seed: (frame.state.seed + 1) % 10000, query: 0 });
    frame.play({ field: "count", finished: full, pace: 60, label: "Write a token", again });
    loadWhenSeen(frame, payload);
    const page = pageOf(frame);
    frame.onDraw((state) => {
      const { writer } = frame;
      if (!writer) {
        drawWaiting(frame, page, state);
        return frame.failed ?? `${payload.waiting} Prompt: “${state.prompt}”, temperature ${state.temperature}, head ${state.head}.`;
      }
      const written = writer.write(state);
      draw(frame, page, written, state, writer);
      return told(written, state, writer);
    });
  },
};
