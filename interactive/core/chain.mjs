// The last neuron of a chain, as `weighted_sums.chain` computes it, and its derivatives.
import { sigmoid, sigmoidPrime } from "./neurons.mjs";

/** The numbers on the way from the weight to the cost: w, z, a and C. */
export function lastNeuron({ w, b, a_prev, y }) {
  const z = w * a_prev + b;
  const a = sigmoid(z);
  return [w, z, a, (a - y) ** 2];
}

/** The factors of the chain rule: dz/dw, da/dz and dC/da. */
export function derivatives({ w, b, a_prev, y }) {
  const [, z, a] = lastNeuron({ w, b, a_prev, y });
  return [a_prev, sigmoidPrime(z), 2 * (a - y)];
}

/** The product of numbers. */
export const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
