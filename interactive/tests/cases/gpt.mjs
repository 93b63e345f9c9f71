import { matVec } from "../../core/matrices.mjs";
import { randomNumbers } from "../../core/random.mjs";
import { probabilities, sample, topK } from "../../core/sampling.mjs";
import { decode, encode, merge, pieces } from "../../core/tokens.mjs";
import { cachedForward, extend, forward, gelu, layerNorm, newCache, windowStart } from "../../core/transformer.mjs";
import { unpackTree } from "../../kit/unpack.mjs";

const model = (payload) => unpackTree(payload);

// numbers that stand in for random ones, so that Python can draw the same tokens
function generated({ payload, prompt, uniforms, temperature, top_k }) {
  const next = cachedForward(model(payload));
  const tokens = [...prompt];
  for (const u of uniforms) {
    tokens.push(sample(topK(probabilities(next(tokens).logits.at(-1), temperature), top_k), u));
  }
  return tokens.slice(prompt.length);
}

function oneByOne({ payload, tokens }) {
  const m = model(payload);
  const cache = newCache(m);
  return tokens.flatMap((t) => extend([t], m, cache).logits.map((l) => [...l]));
}

export default {
  logits: ({ payload, tokens, causal }) => forward(tokens, model(payload), causal).logits.map((l) => [...l]),
  oneByOne,
  attention: ({ payload, tokens, causal }) => forward(tokens, model(payload), causal).attention,
  generated,
  windowStart: ({ count, context }) => windowStart(count, context),
  layerNorm: ({ x, norm }) => layerNorm(x, unpackTree(norm)),
  gelu: (z) => z.map(gelu),
  matVec: ({ W, x }) => matVec(unpackTree(W), x),
  encode: ({ text, merges }) => encode(text, merges),
  decode: ({ tokens, merges }) => decode(tokens, pieces(merges)),
  merge: ({ tokens, pair, made }) => merge(tokens, pair, made),
  sample: ({ p, u }) => sample(p, u),
  randomNumbers: (seed) => {
    const draw = randomNumbers(seed);
    const drawn = Array.from({ length: 4000 }, draw);
    const again = randomNumbers(seed);
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    return [drawn.every((v) => v >= 0 && v < 1), drawn.every((v) => v === again()), Math.abs(mean - 0.5) < 0.02];
  },
};
