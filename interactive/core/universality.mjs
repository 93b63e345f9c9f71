// Functions built from neurons, as `weighted_sums.universality` builds them.
import { sigmoid } from "./neurons.mjs";

/** A staircase from 0 to 1: a hidden neuron for each edge between two stairs, and an output that adds them up. */
export function staircase(heights, steepness) {
  const pieces = heights.length;
  const edges = heights.slice(1).map((_, i) => (i + 1) / pieces);
  return {
    hidden: edges.map((edge) => ({ w: steepness, b: -steepness * edge })),
    output: { weights: heights.slice(1).map((height, i) => height - heights[i]), bias: heights[0] },
  };
}

/** The output of the network for the input x. */
export const evaluate = (x, { hidden, output }) =>
  hidden.reduce((sum, { w, b }, i) => sum + output.weights[i] * sigmoid(w * x + b), output.bias);

/** The middles of equally wide stairs from 0 to 1. */
export const middles = (pieces) => Array.from({ length: pieces }, (_, i) => (i + 0.5) / pieces);

/** The largest distance of the network from a curve, at the curve's points [x, y]. */
export const largestError = (points, network) =>
  points.reduce((worst, [x, y]) => Math.max(worst, Math.abs(evaluate(x, network) - y)), 0);
