import { ERRORS, learn } from "../../core/one-neuron.mjs";
import { runs } from "../../figures/saturated.mjs";

export default {
  error: ({ cost, a, y }) => a.map((v) => ERRORS[cost](v, y)),
  learn: ({ start, example, cost, rate, steps }) => learn(start, example, { error: ERRORS[cost], rate, steps }),
  runs: ({ payload, state }) => runs(payload, state).map(({ outputs }) => outputs),
};
