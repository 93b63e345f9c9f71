// A sigmoid neuron of one input that is trained on one example, as `weighted_sums.backprop` does it.
import { sigmoid } from "./neurons.mjs";

/** The error δ = ∂C/∂z of an output a under each cost, for the target y. */
export const DELTAS = {
  squared: (a, y) => 2 * (a - y) * a * (1 - a),
  crossEntropy: (a, y) => a - y,
};

/** The outputs before every step of gradient descent and after the last one. */
export function trainOutputs({ w, b }, { x, y }, { delta, learning_rate, steps }) {
  const outputs = [sigmoid(w * x + b)];
  for (let i = 0; i < steps; i++) {
    const error = delta(outputs[i], y);
    w -= learning_rate * error * x;
    b -= learning_rate * error;
    outputs.push(sigmoid(w * x + b));
  }
  return outputs;
}

/** Forward: what each row of `W` makes of the activations, one weighted sum for each neuron. */
export const rowSums = (W, a) => W.map((row) => row.reduce((sum, w, i) => sum + w * a[i], 0));

/** BP2 for sigmoid neurons: the sums of the columns of `W` with the errors, σ′, and the errors before. */
export function stepBack(W, delta, a) {
  const sums = a.map((_, i) => W.reduce((sum, row, j) => sum + row[i] * delta[j], 0));
  const derivatives = a.map((v) => v * (1 - v));
  return { sums, derivatives, errors: sums.map((sum, i) => sum * derivatives[i]) };
}
