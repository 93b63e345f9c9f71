import { relu, sigmoid, sigmoidSlope } from "../../core/squash.mjs";
import { threshold } from "../../figures/neuron.mjs";

export default {
  sigmoid: (z) => z.map(sigmoid),
  sigmoidSlope: (z) => z.map(sigmoidSlope),
  relu: (z) => z.map(relu),
  threshold: ({ w, b }) => threshold(w, b),
};
