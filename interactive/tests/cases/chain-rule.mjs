import { derivatives, lastNeuron, product } from "../../core/chain.mjs";

export default {
  lastNeuron,
  // of C and of z with respect to w
  derivatives: (state) => [product(derivatives(state)), derivatives(state)[0]],
};
