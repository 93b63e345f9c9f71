import { rowSums, stepBack } from "../../core/backprop.mjs";
import { walked } from "../../figures/backprop.mjs";

export default {
  rowSums: ({ W, a }) => rowSums(W, a),
  stepBack: ({ W, delta, a }) => stepBack(W, delta, a),
  walked: ({ W, state }) => {
    const { z, errors, active } = walked(W, state);
    return { z, errors, active };
  },
};
