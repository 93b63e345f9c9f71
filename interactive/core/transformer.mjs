// A transformer's forward pass, place by place with a cache of keys and values, as
// `weighted_sums.generation.next_logits` works it out. A matrix is `{ values, shape }`, row by row.

const EPS = 1e-5;
const BEND = Math.sqrt(2 / Math.PI);
const CUBE = 0.044715;

/** Row i of a matrix, without copying. */
export const row = ({ values, shape }, i) => values.subarray(i * shape.at(-1), (i + 1) * shape.at(-1));

/** The product of a matrix (its leading axes taken as one) with a vector. */
export function times(matrix, x) {
  const { values, shape } = matrix;
  const width = shape.at(-1);
  const found = new Float64Array(values.length / width);
  for (let j = 0, at = 0; j < found.length; j++) {
    let sum = 0;
    for (let i = 0; i < width; i++, at++) sum += values[at] * x[i];
    found[j] = sum;
  }
  return found;
}

const plus = (a, b) => a.map((v, i) => v + b[i]);

/** Bring x to mean 0 and variance 1, then scale and shift it. */
export function layerNorm(x, { gain, bias }) {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const centred = x.map((v) => v - mean);
  const spread = Math.sqrt(centred.reduce((a, v) => a + v * v, 0) / x.length + EPS);
  return centred.map((v, i) => (v / spread) * gain.values[i] + bias.values[i]);
}

/** GELU in the form with tanh. */
export const gelu = (z) => z * 0.5 * (1 + Math.tanh(BEND * (z + CUBE * z * z * z)));

/** Shares of numbers by their exponentials. */
export function shares(scores) {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const raised = scores.map((s) => Math.exp(s - largest));
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((e) => e / sum);
}

function mlp(x, { up, down }) {
  const asked = plus(times(up.W, x), up.b.values).map(gelu);
  return plus(times(down.W, asked), down.b.values);
}

/** An empty cache: keys and values of every layer, by place. */
export const newCache = (model) => ({ length: 0, layers: model.blocks.map(() => ({ keys: [], values: [] })) });

/**
 * Read `tokens` as the next places behind those in `cache`, which grows. Returns the logits of each
 * new place and its patterns, [layer][head][new place] being shares of all places it may look at.
 * Without `causal` the new places look at each other in both directions.
 */
export function read(tokens, model, cache, causal = true) {
  const start = cache.length;
  if (start + tokens.length > model.positions.shape[0]) throw new Error("the tokens do not fit the context");
  let xs = tokens.map((t, i) => plus(row(model.embedding, t), row(model.positions, start + i)));
  cache.length += tokens.length;
  const patterns = model.blocks.map((block, l) => {
    const { gathered, pattern } = attend(xs, block, cache.layers[l], causal);
    xs = xs.map((x, i) => plus(x, gathered[i]));
    xs = xs.map((x) => plus(x, mlp(layerNorm(x, block.norm_2), block)));
    return pattern;
  });
  return { logits: xs.map((x) => times(model.unembedding, layerNorm(x, model.norm))), patterns };
}

function attend(xs, block, kept, causal) {
  const { W_q, W_k, W_v, W_o } = block.attention;
  const [heads, dim] = W_q.shape;
  const asked = xs.map((x) => layerNorm(x, block.norm_1));
  const before = kept.keys.length;
  for (const x of asked) {
    kept.keys.push(times(W_k, x));
    kept.values.push(times(W_v, x));
  }
  const queries = asked.map((x) => times(W_q, x));
  const pattern = Array.from({ length: heads }, (_, h) =>
    queries.map((q, i) => look(q, kept.keys, h * dim, dim, causal ? before + i + 1 : kept.keys.length)),
  );
  return { gathered: xs.map((_, i) => gather(pattern, i, kept.values, W_o)), pattern };
}

function look(q, keys, from, dim, seen) {
  const scores = new Float64Array(seen);
  for (let j = 0; j < seen; j++) {
    for (let c = from; c < from + dim; c++) scores[j] += q[c] * keys[j][c];
    scores[j] /= Math.sqrt(dim);
  }
  return shares(scores);
}

// what the heads bring to place i: each gathers values in its shares, W_o projects them, all add up
function gather(pattern, i, values, W_o) {
  const [, width, dim] = W_o.shape;
  const sum = new Float64Array(width);
  pattern.forEach((head, h) => {
    const got = new Float64Array(dim);
    head[i].forEach((share, j) => {
      for (let c = 0; c < dim; c++) got[c] += share * values[j][h * dim + c];
    });
    for (let r = 0, at = h * width * dim; r < width; r++) {
      for (let c = 0; c < dim; c++, at++) sum[r] += W_o.values[at] * got[c];
    }
  });
  return sum;
}

/** Logits and patterns of a whole sequence at once. */
export const forward = (tokens, model, causal = true) => read(tokens, model, newCache(model), causal);

/** Where the tokens begin that a model of this context still sees: a multiple of half of it. */
export function windowStart(count, context) {
  const half = Math.max(Math.floor(context / 2), 1);
  return Math.max(0, Math.ceil((count - context) / half) * half);
}

/** A reader that keeps its cache from one call to the next, as long as the window only grows. */
export function reader(model) {
  let cache = newCache(model);
  let first = 0;
  return (tokens) => {
    const start = windowStart(tokens.length, model.positions.shape[0]);
    if (start !== first || cache.length !== tokens.length - start - 1) cache = newCache(model);
    first = start;
    return { ...read(tokens.slice(start + cache.length), model, cache), start };
  };
}
