// A transformer's forward pass, position by position with a KV cache, as
// `weighted_sums.generation.next_logits` computes it. A matrix is `{ values, shape }`, row by row.
import { matVec, row } from "./matrices.mjs";
import { probabilities as softmax } from "./sampling.mjs";

const EPS = 1e-5;
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

const plus = (a, b) => a.map((v, i) => v + b[i]);

/** Normalise x to mean 0 and variance 1, then scale and shift it. */
export function layerNorm(x, { gain, bias }) {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const centred = x.map((v) => v - mean);
  const deviation = Math.sqrt(centred.reduce((a, v) => a + v * v, 0) / x.length + EPS);
  return centred.map((v, i) => (v / deviation) * gain.values[i] + bias.values[i]);
}

/** GELU in its tanh approximation. */
export const gelu = (z) => z * 0.5 * (1 + Math.tanh(SQRT_2_OVER_PI * (z + GELU_CUBIC * z * z * z)));

function mlp(x, { up, down }) {
  const hidden = plus(matVec(up.W, x), up.b.values).map(gelu);
  return plus(matVec(down.W, hidden), down.b.values);
}

/** An empty KV cache: keys and values of every layer, by position. */
export const newCache = (model) => ({ length: 0, layers: model.blocks.map(() => ({ keys: [], values: [] })) });

/**
 * Append `tokens` to the positions in `cache`, which grows. Returns the logits of each new position
 * and the attention weights, [layer][head][new position], over all positions that it may see.
 * Without `causal` the new positions see each other in both directions.
 */
export function extend(tokens, model, cache, causal = true) {
  const start = cache.length;
  if (start + tokens.length > model.positions.shape[0]) throw new Error("the tokens do not fit the context");
  let stream = tokens.map((t, i) => plus(row(model.embedding, t), row(model.positions, start + i)));
  cache.length += tokens.length;
  const attention = model.blocks.map((block, l) => {
    const { outputs, weights } = selfAttention(stream, block, cache.layers[l], causal);
    stream = stream.map((x, i) => plus(x, outputs[i]));
    stream = stream.map((x) => plus(x, mlp(layerNorm(x, block.norm_2), block)));
    return weights;
  });
  return { logits: stream.map((x) => matVec(model.unembedding, layerNorm(x, model.norm))), attention };
}

function selfAttention(stream, block, cached, causal) {
  const { W_q, W_k, W_v, W_o } = block.attention;
  const [heads, dim] = W_q.shape;
  const normed = stream.map((x) => layerNorm(x, block.norm_1));
  const before = cached.keys.length;
  for (const x of normed) {
    cached.keys.push(matVec(W_k, x));
    cached.values.push(matVec(W_v, x));
  }
  const queries = normed.map((x) => matVec(W_q, x));
  const weights = Array.from({ length: heads }, (_, h) =>
    queries.map((q, i) => attentionWeights(q, cached.keys, h * dim, dim, causal ? before + i + 1 : cached.keys.length)),
  );
  return { outputs: stream.map((_, i) => headOutputs(weights, i, cached.values, W_o)), weights };
}

function attentionWeights(q, keys, from, dim, visible) {
  const scores = new Float64Array(visible);
  for (let j = 0; j < visible; j++) {
    for (let c = from; c < from + dim; c++) scores[j] += q[c] * keys[j][c];
    scores[j] /= Math.sqrt(dim);
  }
  return softmax(scores);
}

// the heads' outputs at position i: each averages the values by its weights, W_o projects them, all add up
function headOutputs(weights, i, values, W_o) {
  const [, width, dim] = W_o.shape;
  const sum = new Float64Array(width);
  weights.forEach((head, h) => {
    const mean = new Float64Array(dim);
    head[i].forEach((weight, j) => {
      for (let c = 0; c < dim; c++) mean[c] += weight * values[j][h * dim + c];
    });
    for (let r = 0, at = h * width * dim; r < width; r++) {
      for (let c = 0; c < dim; c++, at++) sum[r] += W_o.values[at] * mean[c];
    }
  });
  return sum;
}

/** Logits and attention weights of a whole sequence at once. */
export const forward = (tokens, model, causal = true) => extend(tokens, model, newCache(model), causal);

/** The first token that a model of this context still sees: a multiple of half of it. */
export function windowStart(count, context) {
  const half = Math.max(Math.floor(context / 2), 1);
  return Math.max(0, Math.ceil((count - context) / half) * half);
}

/** A forward pass that keeps its KV cache from one call to the next, as long as the window only grows. */
export function cachedForward(model) {
  let cache = newCache(model);
  let first = 0;
  return (tokens) => {
    const start = windowStart(tokens.length, model.positions.shape[0]);
    if (start !== first || cache.length !== tokens.length - start - 1) cache = newCache(model);
    first = start;
    return { ...extend(tokens.slice(start + cache.length), model, cache), start };
  };
}
