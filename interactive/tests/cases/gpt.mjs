import { decode, encode, merged, pieces } from "../../core/pairs.mjs";
import { pick, shares, topK } from "../../core/softmax.mjs";
import { forward, gelu, layerNorm, newCache, read, reader, times, windowStart } from "../../core/transformer.mjs";
import { randomNumbers } from "../../core/random.mjs";
import { unpackTree } from "../../kit/unpack.mjs";

const model = (payload) => unpackTree(payload);

// numbers that stand in for random ones, so that Python can draw the same tokens
function written({ payload, prompt, chances, temperature, top }) {
  const next = reader(model(payload));
  const tokens = [...prompt];
  for (const chance of chances) {
    tokens.push(pick(topK(shares(next(tokens).logits.at(-1), temperature), top), chance));
  }
  return tokens.slice(prompt.length);
}

function oneByOne({ payload, tokens }) {
  const m = model(payload);
  const cache = newCache(m);
  return tokens.flatMap((t) => read([t], m, cache).logits.map((l) => [...l]));
}

const nested = (patterns) => patterns.map((layer) => layer.map((head) => head.map((q) => [...q])));

export default {
  logits: ({ payload, tokens, causal }) => forward(tokens, model(payload), causal).logits.map((l) => [...l]),
  oneByOne,
  patterns: ({ payload, tokens, causal }) => nested(forward(tokens, model(payload), causal).patterns),
  written,
  windowStart: ({ count, context }) => windowStart(count, context),
  layerNorm: ({ x, norm }) => layerNorm(x, unpackTree(norm)),
  gelu: (z) => z.map(gelu),
  times: ({ W, x }) => times(unpackTree(W), x),
  encode: ({ text, merges }) => encode(text, merges),
  decode: ({ tokens, merges }) => decode(tokens, pieces(merges)),
  merged: ({ tokens, pair, made }) => merged(tokens, pair, made),
  pick: ({ p, chance }) => pick(p, chance),
  randomNumbers: (seed) => {
    const draw = randomNumbers(seed);
    const drawn = Array.from({ length: 4000 }, draw);
    const again = randomNumbers(seed);
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    return [drawn.every((v) => v >= 0 && v < 1), drawn.every((v) => v === again()), Math.abs(mean - 0.5) < 0.02];
  },
};
