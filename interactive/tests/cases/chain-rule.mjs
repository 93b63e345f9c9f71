import { factors, lastNeuron, product } from "../../core/chain.mjs";

export default {
  lastNeuron,
  slopes: (state) => [product(factors(state)), factors(state)[0]],
};
