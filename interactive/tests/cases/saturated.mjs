import { DELTAS, trainOutputs } from "../../core/backprop.mjs";
import { outputAt, runs } from "../../figures/saturated.mjs";

export default {
  delta: ({ cost, a, y }) => a.map((v) => DELTAS[cost](v, y)),
  trainOutputs: ({ start, example, cost, learning_rate, steps }) =>
    trainOutputs(start, example, { delta: DELTAS[cost], learning_rate, steps }),
  outputAt: ({ outputs, step }) => outputAt(outputs, step),
  runs: ({ payload, state }) => runs(payload, state).map(({ outputs }) => outputs),
};
