// A single neuron behind another one: what it computes, and the slope of each number by the one before.
import { sigmoid, sigmoidSlope } from "./squash.mjs";

/** The numbers on the way from the weight to the cost: w, z, a and C. */
export function lastNeuron({ w, b, before, y }) {
  const z = w * before + b;
  const a = sigmoid(z);
  return [w, z, a, (a - y) ** 2];
}

/** The slopes of z by w, of a by z, and of C by a. */
export function factors({ w, b, before, y }) {
  const [, z, a] = lastNeuron({ w, b, before, y });
  return [before, sigmoidSlope(z), 2 * (a - y)];
}

/** The product of numbers. */
export const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
