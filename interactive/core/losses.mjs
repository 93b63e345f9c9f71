// What one weight of the last layer does to the cost and to the number of mistakes.
import { weightedSum } from "./networks.mjs";
import { sigmoid } from "./neurons.mjs";

/**
 * All that does not depend on the weight from hidden neuron i to output j, for each example: its
 * activation `h`, the rest `z` of the weighted sum, the target `y` of that output, the loss of the
 * other outputs, and the largest weighted sum among them with its index.
 */
export function withoutWeight(hidden, { W, b }, labels, j, i) {
  return hidden.map((a, n) => {
    const found = { h: a[i], y: labels[n] === j ? 1 : 0, label: labels[n], loss: 0, top: -Infinity, best: -1 };
    W.forEach((weights, k) => {
      const z = weightedSum(weights, a) + b[k];
      if (k === j) {
        found.z = z - weights[i] * a[i];
        return;
      }
      found.loss += (sigmoid(z) - (labels[n] === k ? 1 : 0)) ** 2;
      if (z > found.top) [found.top, found.best] = [z, k];
    });
    return found;
  });
}

/** Cost, its derivative, and the number of mistakes, when the weight to output j is w. */
export function measure(examples, j, w) {
  let [cost, derivative, mistakes] = [0, 0, 0];
  for (const { h, y, z, label, loss, top, best } of examples) {
    const sum = z + w * h;
    const a = sigmoid(sum);
    cost += loss + (a - y) ** 2;
    derivative += 2 * (a - y) * a * (1 - a) * h;
    const predicted = sum > top || (sum === top && j < best) ? j : best;
    mistakes += predicted === label ? 0 : 1;
  }
  return { cost: cost / examples.length, derivative: derivative / examples.length, mistakes };
}
