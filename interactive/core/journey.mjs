// What happens to one position on its way through a transformer, step by step, with every array:
// `weighted_sums.transformer.forward`, with nothing thrown away.
import { matVec, row } from "./matrices.mjs";
import { probabilities } from "./sampling.mjs";
import { gelu, layerNorm } from "./transformer.mjs";

const plus = (a, b) => a.map((v, i) => v + b[i]);

/** Head h of a matrix with an axis for the heads, as a matrix of its own. */
export function headOf({ values, shape: [, rows, columns] }, h) {
  const size = rows * columns;
  return { values: values.subarray(h * size, (h + 1) * size), shape: [rows, columns] };
}

/** One head at the last of several normed positions: queries, keys, values, weights and what it writes. */
function head(normed, attention, h) {
  const [Q, K, V, O] = ["W_q", "W_k", "W_v", "W_o"].map((name) => headOf(attention[name], h));
  const q = matVec(Q, normed.at(-1));
  const keys = normed.map((x) => matVec(K, x));
  const values = normed.map((x) => matVec(V, x));
  const scores = keys.map((k) => k.reduce((sum, v, i) => sum + v * q[i], 0) / Math.sqrt(q.length));
  const weights = probabilities(scores);
  const mixed = q.map((_, i) => values.reduce((sum, v, j) => sum + weights[j] * v[i], 0));
  return { q, k: keys.at(-1), v: values.at(-1), scores, weights, mixed, written: matVec(O, mixed) };
}

/** One block at one position, given the stream at all positions up to it. */
function visit(stream, block) {
  const x = stream.at(-1);
  const all = stream.map((v) => layerNorm(v, block.norm_1));
  const heads = Array.from({ length: block.attention.W_q.shape[0] }, (_, h) => head(all, block.attention, h));
  const attended = heads.map(({ written }) => written).reduce(plus);
  const middle = plus(x, attended);
  const normed = layerNorm(middle, block.norm_2);
  const hidden = plus(matVec(block.up.W, normed), block.up.b.values).map(gelu);
  const written = plus(matVec(block.down.W, hidden), block.down.b.values);
  return { x, normed_1: all.at(-1), heads, attended, middle, normed_2: normed, hidden, written, end: plus(middle, written) };
}

/** The whole journey of the last of `tokens`: embedding, position, what each block does, logits. */
export function journey(tokens, model) {
  const last = tokens.length - 1;
  let stream = tokens.map((t, i) => plus(row(model.embedding, t), row(model.positions, i)));
  const layers = model.blocks.map((block) => {
    const visits = stream.map((_, i) => visit(stream.slice(0, i + 1), block));
    stream = visits.map(({ end }) => end);
    return visits.at(-1);
  });
  const normed = layerNorm(stream.at(-1), model.norm);
  const logits = matVec(model.unembedding, normed);
  const embedding = row(model.embedding, tokens[last]);
  return { embedding, position: row(model.positions, last), start: plus(embedding, row(model.positions, last)), layers, normed, logits, p: probabilities(logits) };
}

/** The probabilities that a vector of the stream would give if it were the last one. */
export const lens = (x, model) => probabilities(matVec(model.unembedding, layerNorm(x, model.norm)));
