import { relu, sigmoid, sigmoidPrime } from "../../core/neurons.mjs";
import { biasFor, steeper, threshold } from "../../figures/neuron.mjs";

export default {
  sigmoid: (z) => z.map(sigmoid),
  sigmoidPrime: (z) => z.map(sigmoidPrime),
  relu: (z) => z.map(relu),
  handles: ({ w, b, x }) => {
    const steep = steeper({ w, b }, x);
    return { middle: w * x + biasFor(w, x), shoulder: steep.w * x + steep.b, kept: threshold(steep.w, steep.b) };
  },
  threshold: ({ w, b }) => threshold(w, b),
};
