import { compute, slopesBack, usersOf } from "../../core/graph.mjs";
import { revealed } from "../../figures/autodiff.mjs";

const values = (nodes) => Object.fromEntries([...nodes].map(([name, { value }]) => [name, value]));

export default {
  compute: ({ recipe, given }) => values(compute(recipe, given)),
  slopesBack: ({ recipe, given, names }) => {
    const slopes = slopesBack(compute(recipe, given));
    return Object.fromEntries(names.map((name) => [name, slopes.get(name)]));
  },
  slopesInside: ({ recipe, given }) => [...slopesBack(compute(recipe, given)).values()],
  usersOf: ({ recipe, given, name }) => usersOf(name, compute(recipe, given)),
  revealed: ({ recipe, given, step }) => {
    const { known, next } = revealed({ graph: "one", step, ...given }, { one: { recipe } });
    return [[...known.keys()], next];
  },
};
