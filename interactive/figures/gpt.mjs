// The transformer that was trained while this page was built writes on, token by token.
import { encode, pieces } from "../core/pairs.mjs";
import { randomNumbers } from "../core/random.mjs";
import { pick, ranking, shares, topK } from "../core/softmax.mjs";
import { reader } from "../core/transformer.mjs";
import { shareRows, tokenWords } from "../kit/bars.mjs";
import { choice, integer, number, text } from "../kit/fields.mjs";
import { html } from "../kit/svg.mjs";
import { unpackTree } from "../kit/unpack.mjs";
import { percent } from "../kit/words.mjs";

const MOST = 120; // tokens that are written
const SHOWN = 8; // of the next token's shares

/** Writes by the fields of a state; it goes on from what it wrote before where it can. */
export class Writer {
  constructor(model, merges) {
    Object.assign(this, { merges, pieces: pieces(merges), read: reader(model) });
  }

  /** The tokens, the shares of the next one, the patterns of the last place, and where the window begins. */
  write({ prompt, count, temperature, top, seed }) {
    const key = JSON.stringify([prompt, temperature, top, seed]);
    if (key !== this.key || count < this.tokens.length - this.asked) this.#begin(prompt, seed, key);
    for (;;) {
      const { logits, patterns, start } = this.last;
      const share = topK(shares(logits.at(-1), temperature), top);
      if (this.tokens.length - this.asked >= count) return { tokens: this.tokens, asked: this.asked, share, patterns, start };
      this.tokens.push(pick(share, this.draw()));
      this.last = this.read(this.tokens);
    }
  }

  #begin(prompt, seed, key) {
    const asked = encode(prompt, this.merges);
    this.tokens = asked.length ? asked : encode("\n", this.merges);
    Object.assign(this, { key, asked: this.tokens.length, draw: randomNumbers(seed), last: this.read(this.tokens) });
  }
}

function told({ tokens, share, patterns, start }, { layer, head }, writer) {
  const name = (token) => `“${tokenWords(writer.pieces[token])}”`;
  const [first, second] = ranking(share);
  const looks = patterns[layer][head].at(-1);
  const at = ranking(looks)[0];
  const next = share[second] > 0 ? `, then ${name(second)} (${percent(share[second])})` : "";
  return `Next: ${name(first)} (${percent(share[first])})${next}. From the last token, head ${head + 1} of layer ${layer + 1} looks most at ${name(tokens[start + at])}, ${start + looks.length - 1 - at} places back (${percent(looks[at])}).`;
}

function textDrawing({ tokens, asked, patterns, start }, { layer, head }, writer) {
  const looks = patterns[layer][head].at(-1);
  return html(
    "p",
    { class: "ws-gpt-text" },
    tokens.map((token, i) => {
      const node = html("span", { class: i < asked ? "ws-gpt-asked" : null }, tokenWords(writer.pieces[token]));
      node.style.setProperty("--share", i < start ? 0 : looks[i - start]);
      if (i === tokens.length - 1) node.classList.add("ws-gpt-last");
      return [node, writer.pieces[token].includes(10) ? html("br") : null];
    }),
  );
}

function sharesDrawing({ share }, writer) {
  const rows = ranking(share).slice(0, SHOWN).filter((i) => share[i] > 0);
  return shareRows(rows.map((i) => [tokenWords(writer.pieces[i]), share[i]]));
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
  fields: ({ start, heads, vocabulary }) => ({
    prompt: text(start.prompt, { longest: 80 }),
    count: integer(start.count, { min: 0, max: MOST }),
    temperature: number(start.temperature, { min: 0, max: 100, soft: [0, 2], step: 0.05 }),
    top: { ...integer(start.top, { min: 1, max: vocabulary }), log: true },
    seed: integer(start.seed, { min: 0, max: 9999 }),
    head: choice(start.head, heads),
  }),
  mount(frame, payload) {
    const button = frame.button(payload.load, () => load(frame, payload, button));
    const full = () => !frame.writer || frame.state.count >= MOST;
    frame.player({ advance: () => frame.set({ count: frame.state.count + 1 }), finished: full, pause: 60, label: "Write a token" });
    frame.text("prompt", "begin with");
    frame.slider("temperature", "temperature");
    frame.slider("top", "top-k");
    frame.slider("seed", "seed of the draws");
    frame.choice("head", "head to watch");
    frame.presets(payload.presets);
    frame.stage.append(frame.picture.cloneNode());
    frame.onDraw((state) => {
      const { writer } = frame;
      if (!writer) return `${frame.failed ?? payload.waiting} Prompt: “${state.prompt}”, temperature ${state.temperature}, head ${state.head}.`;
      const written = writer.write(state);
      const head = headOf(state);
      frame.stage.replaceChildren(textDrawing(written, head, writer), sharesDrawing(written, writer));
      return told(written, head, writer);
    });
  },
};
