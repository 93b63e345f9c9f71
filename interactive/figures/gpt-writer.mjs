// Text that a small transformer writes, token by token; what it has written once is kept.
import { randomNumbers } from "../core/random.mjs";
import { probabilities, sample, topK } from "../core/sampling.mjs";
import { encode, pieces } from "../core/tokens.mjs";
import { cachedForward } from "../core/transformer.mjs";

export class Writer {
  constructor(model, merges) {
    Object.assign(this, { merges, pieces: pieces(merges), forward: cachedForward(model) });
  }

  /**
   * The prompt and `count` more tokens, the probabilities of the next one, and for each token, as
   * far as the window reaches, the attention weights of its position: `{ start, heads }`.
   */
  write({ prompt, count, temperature, top_k, seed }) {
    const key = JSON.stringify([prompt, temperature, top_k, seed]);
    if (key !== this.key) this.#begin(key, prompt, temperature, top_k, seed);
    while (this.next.length <= count) this.#step();
    const { tokens, prompted } = this;
    return { tokens: tokens.slice(0, prompted + count), prompted, p: this.next[count], attention: this.attention };
  }

  #begin(key, prompt, temperature, top_k, seed) {
    const encoded = encode(prompt, this.merges);
    this.tokens = encoded.length ? encoded : encode("\n", this.merges);
    this.choose = (logits) => topK(probabilities(logits, temperature), top_k);
    Object.assign(this, { key, prompted: this.tokens.length, draw: randomNumbers(seed), next: [], attention: [] });
    this.#read();
  }

  #step() {
    this.tokens.push(sample(this.next.at(-1), this.draw()));
    this.#read();
  }

  #read() {
    const { logits, attention, start } = this.forward(this.tokens);
    this.next.push(this.choose(logits.at(-1)));
    logits.forEach((_, i) => {
      const heads = attention.map((layer) => layer.map((head) => head[i]));
      this.attention[this.tokens.length - logits.length + i] = { start, heads };
    });
  }
}
