import { backward, forward, usersOf } from "../../core/autodiff.mjs";
import { numberOf, revealed } from "../../figures/autodiff.mjs";

const values = (nodes) => Object.fromEntries([...nodes].map(([name, { value }]) => [name, value]));

export default {
  forward: ({ recipe, given }) => values(forward(recipe, given)),
  backward: ({ recipe, given, names }) => {
    const gradients = backward(forward(recipe, given));
    return Object.fromEntries(names.map((name) => [name, gradients.get(name)]));
  },
  gradientsInside: ({ recipe, given }) => [...backward(forward(recipe, given)).values()],
  numberOf: (texts) => texts.map(numberOf),
  usersOf: ({ recipe, given, name }) => usersOf(name, forward(recipe, given)),
  revealed: ({ recipe, given, step }) => {
    const { known, next } = revealed({ graph: "one", step, ...given }, { one: { recipe } });
    return [[...known.keys()], next];
  },
};
