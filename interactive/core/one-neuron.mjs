// A sigmoid neuron of one input that learns one answer, as `weighted_sums.backprop` has it learn.
import { sigmoid } from "./squash.mjs";

/** The error δ of an output a under each cost, when y is wanted. */
export const ERRORS = {
  squared: (a, y) => 2 * (a - y) * a * (1 - a),
  crossEntropy: (a, y) => a - y,
};

/** The outputs before every step and after the last one. */
export function learn({ w, b }, { x, y }, { error, rate, steps }) {
  const outputs = [sigmoid(w * x + b)];
  for (let i = 0; i < steps; i++) {
    const delta = error(outputs[i], y);
    w -= rate * delta * x;
    b -= rate * delta;
    outputs.push(sigmoid(w * x + b));
  }
  return outputs;
}
