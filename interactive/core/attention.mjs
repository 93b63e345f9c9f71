// One query against the keys and values of a head, as `weighted_sums.dot_product` computes it.
import { probabilities } from "./sampling.mjs";

const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);

/** The scores, the attention weights and the weighted sum of the values, for one query. */
export function attend(query, keys, values, scaled = true) {
  const root = scaled ? Math.sqrt(query.length) : 1;
  const scores = keys.map((key) => dot(query, key) / root);
  const weights = Array.from(probabilities(scores));
  const sum = values[0].map((_, c) => weights.reduce((total, weight, j) => total + weight * values[j][c], 0));
  return { scores, weights, sum };
}
