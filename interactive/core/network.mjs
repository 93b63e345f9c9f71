// A fully connected network, as `weighted_sums.networks` defines it.
import { rows } from "../kit/unpack.mjs";
import { sigmoid } from "./squash.mjs";

/** The weighted sum of `inputs` by `weights`. */
export function weightedSum(weights, inputs) {
  let sum = 0;
  for (let i = 0; i < inputs.length; i++) sum += weights[i] * inputs[i];
  return sum;
}

/** A layer as the payload holds it, `{ W, b }` unpacked, with `W` as one array for each neuron. */
export const layer = ({ W, b }) => ({ W: rows(W.values, W.shape[1]), b: b.values });

/** What every neuron of a layer computes from the inputs x: Wx + b. */
export const layerSums = (x, { W, b }) => W.map((weights, j) => weightedSum(weights, x) + b[j]);

/** Activations of every layer, the input first. */
export function activations(x, layers) {
  const found = [x];
  for (const l of layers) found.push(layerSums(found.at(-1), l).map(sigmoid));
  return found;
}

/** The place of the largest value, the first among equals. */
export function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
