// A computation graph of single numbers, and the walk back through it: reverse-mode autodiff.

const OPERATIONS = {
  input: { value: () => 0, slopes: () => [] },
  add: { value: (u, v) => u + v, slopes: () => [1, 1] },
  mul: { value: (u, v) => u * v, slopes: (u, v) => [v, u] },
  relu: { value: (u) => Math.max(u, 0), slopes: (u) => [u > 0 ? 1 : 0] },
  less1: { value: (u) => u - 1, slopes: () => [1] },
  square: { value: (u) => u * u, slopes: (u) => [2 * u] },
};

/**
 * Compute a graph forward. `recipe` lists its nodes as [name, operation, ...names of inputs], each
 * behind its inputs; `given` holds the values of the inputs. Each node gets its value, its inputs,
 * and its slope by each of them.
 */
export function compute(recipe, given) {
  const nodes = new Map();
  for (const [name, operation, ...inputs] of recipe) {
    const { value, slopes } = OPERATIONS[operation];
    const values = inputs.map((input) => nodes.get(input).value);
    nodes.set(name, { name, inputs, value: operation === "input" ? given[name] : value(...values), slopes: slopes(...values) });
  }
  return nodes;
}

/** Who uses a node: [name of the user, its slope by the node], once for every arrow. */
export function usersOf(name, nodes) {
  return [...nodes.values()].flatMap((user) => user.inputs.flatMap((input, i) => (input === name ? [[user.name, user.slopes[i]]] : [])));
}

/** The slope of the last node by every node, in the order in which they become known: from the end. */
export function slopesBack(nodes) {
  const slopes = new Map();
  for (const name of [...nodes.keys()].reverse()) {
    const told = usersOf(name, nodes).reduce((sum, [user, step]) => sum + slopes.get(user) * step, 0);
    slopes.set(name, slopes.size ? told : 1);
  }
  return slopes;
}
