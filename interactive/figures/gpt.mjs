// The transformer that was trained while this page was built writes on, token by token.
import { ranking } from "../core/matrices.mjs";
import { randomNumbers } from "../core/random.mjs";
import { probabilities, sample, topK } from "../core/sampling.mjs";
import { encode, pieces } from "../core/tokens.mjs";
import { cachedForward } from "../core/transformer.mjs";
import { bars, tokenWords } from "../kit/bars.mjs";
import { choice, integer, number, text } from "../kit/fields.mjs";
import { html } from "../kit/svg.mjs";
import { unpackTree } from "../kit/unpack.mjs";
import { counted, percent } from "../kit/words.mjs";

const MOST = 120; // tokens that are written
const SHOWN = 8; // of the next token's probabilities

/** Writes by the fields of a state; it goes on from what it wrote before where it can. */
export class Writer {
  constructor(model, merges) {
    Object.assign(this, { merges, pieces: pieces(merges), forward: cachedForward(model) });
  }

  /** The tokens, the next one's probabilities, the attention weights, and where the window begins. */
  write({ prompt, count, temperature, top_k, seed }) {
    const key = JSON.stringify([prompt, temperature, top_k, seed]);
    if (key !== this.key || count < this.tokens.length - this.prompted) this.#begin(prompt, seed, key);
    for (;;) {
      const { logits, attention, start } = this.last;
      const p = topK(probabilities(logits.at(-1), temperature), top_k);
      if (this.tokens.length - this.prompted >= count) return { tokens: this.tokens, prompted: this.prompted, p, attention, start };
      this.tokens.push(sample(p, this.draw()));
      this.last = this.forward(this.tokens);
    }
  }

  #begin(prompt, seed, key) {
    const encoded = encode(prompt, this.merges);
    this.tokens = encoded.length ? encoded : encode("\n", this.merges);
    Object.assign(this, { key, prompted: this.tokens.length, draw: randomNumbers(seed), last: this.forward(this.tokens) });
  }
}

function told({ tokens, p, attention, start }, { layer, head }, writer) {
  const name = (token) => `“${tokenWords(writer.pieces[token])}”`;
  const [first, second] = ranking(p);
  const weights = attention[layer][head].at(-1);
  const at = ranking(weights)[0];
  const next = p[second] > 0 ? `, then ${name(second)} (${percent(p[second])})` : "";
  return `Next: ${name(first)} (${percent(p[first])})${next}. For the last token, the largest attention weight of head ${head + 1} in layer ${layer + 1} is ${percent(weights[at])}, on ${name(tokens[start + at])}, ${counted(weights.length - 1 - at, "position")} back.`;
}

function textDrawing({ tokens, prompted, attention, start }, { layer, head }, writer) {
  const weights = attention[layer][head].at(-1);
  return html(
    "p",
    { class: "ws-gpt-text" },
    tokens.map((token, i) => {
      const node = html("span", { class: i < prompted ? "ws-gpt-prompt" : null }, tokenWords(writer.pieces[token]));
      node.style.setProperty("--weight", i < start ? 0 : weights[i - start]);
      if (i === tokens.length - 1) node.classList.add("ws-gpt-last");
      return [node, writer.pieces[token].includes(10) ? html("br") : null];
    }),
  );
}

function probabilitiesDrawing({ p }, writer) {
  const rows = ranking(p).slice(0, SHOWN).filter((i) => p[i] > 0);
  return bars(rows.map((i) => [tokenWords(writer.pieces[i]), p[i]]));
}

const headOf = (state) => {
  const [layer, head] = state.head.split(".").map((n) => Number(n) - 1);
  return { layer, head };
};

async function load(frame, payload, button) {
  button.disabled = true;
  frame.failed = null;
  frame.stage.replaceChildren(html("p", {}, "The model is on its way …"));
  try {
    frame.writer = new Writer(unpackTree(payload.model, await frame.bytes()), payload.merges);
    button.remove();
  } catch (problem) {
    button.disabled = false;
    frame.failed = `The model could not be fetched (${problem.message}). Press Load to try again.`;
  }
  frame.set({});
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
  }),
  mount(frame, payload) {
    const button = frame.button(payload.load, () => load(frame, payload, button));
    const full = () => !frame.writer || frame.state.count >= MOST;
    frame.player({ advance: () => frame.set({ count: frame.state.count + 1 }), finished: full, pause: 60, label: "Write a token" });
    frame.text("prompt", "begin with");
    frame.slider("temperature", "temperature");
    frame.slider("top_k", "top-k");
    frame.slider("seed", "seed of the draws");
    frame.choice("head", "head to watch");
    frame.presets(payload.presets);
    frame.stage.append(frame.picture.cloneNode());
    frame.onDraw((state) => {
      const { writer } = frame;
      if (!writer) return `${frame.failed ?? payload.waiting} Prompt: “${state.prompt}”, temperature ${state.temperature}, head ${state.head}.`;
      const written = writer.write(state);
      const head = headOf(state);
      frame.stage.replaceChildren(textDrawing(written, head, writer), probabilitiesDrawing(written, writer));
      return told(written, head, writer);
    });
  },
};
