import { relu, sigmoid, sigmoidPrime } from "../../core/neurons.mjs";
import { threshold } from "../../figures/neuron.mjs";

export default {
  sigmoid: (z) => z.map(sigmoid),
  sigmoidPrime: (z) => z.map(sigmoidPrime),
  relu: (z) => z.map(relu),
  threshold: ({ w, b }) => threshold(w, b),
};
