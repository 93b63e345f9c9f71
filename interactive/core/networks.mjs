// A fully connected network, as `weighted_sums.networks` defines it.
import { rows } from "./matrices.mjs";
import { sigmoid } from "./neurons.mjs";

/** The weighted sum of `inputs` by `weights`. */
export function weightedSum(weights, inputs) {
  let sum = 0;
  for (let i = 0; i < inputs.length; i++) sum += weights[i] * inputs[i];
  return sum;
}

/** A layer as the payload holds it, `{ W, b }` unpacked, with `W` as one array for each neuron. */
export const layer = ({ W, b }) => ({ W: rows(W.values, W.shape[1]), b: b.values });

/** The weighted sums of a layer's neurons for the inputs x: Wx + b. */
export const affine = (x, { W, b }) => W.map((weights, j) => weightedSum(weights, x) + b[j]);

/** Activations of every layer, the input first. */
export function activations(x, layers) {
  const found = [x];
  for (const l of layers) found.push(affine(found.at(-1), l).map(sigmoid));
  return found;
}
