// A computation graph of single numbers and its backward pass: reverse-mode autodiff, as
// `weighted_sums.autodiff` does it.

const OPERATIONS = {
  input: { value: () => 0, derivatives: () => [] },
  add: { value: (u, v) => u + v, derivatives: () => [1, 1] },
  mul: { value: (u, v) => u * v, derivatives: (u, v) => [v, u] },
  relu: { value: (u) => Math.max(u, 0), derivatives: (u) => [u > 0 ? 1 : 0] },
  less1: { value: (u) => u - 1, derivatives: () => [1] },
  square: { value: (u) => u * u, derivatives: (u) => [2 * u] },
};

/**
 * The forward pass. `recipe` lists the nodes as [name, operation, ...names of inputs], each after
 * its inputs; `given` holds the values of the inputs. Each node gets its value, its inputs, and its
 * derivative with respect to each of them.
 */
export function forward(recipe, given) {
  const nodes = new Map();
  for (const [name, operation, ...inputs] of recipe) {
    const { value, derivatives } = OPERATIONS[operation];
    const values = inputs.map((input) => nodes.get(input).value);
    const result = operation === "input" ? given[name] : value(...values);
    nodes.set(name, { name, inputs, value: result, derivatives: derivatives(...values) });
  }
  return nodes;
}

/** Who uses a node: [name of the user, its derivative with respect to the node], once for every edge. */
export function usersOf(name, nodes) {
  const used = ({ name: user, inputs, derivatives }) =>
    inputs.flatMap((input, i) => (input === name ? [[user, derivatives[i]]] : []));
  return [...nodes.values()].flatMap(used);
}

/** The gradient of the last node with respect to every node, in the order of the backward pass. */
export function backward(nodes) {
  const gradients = new Map();
  for (const name of [...nodes.keys()].reverse()) {
    const sum = usersOf(name, nodes).reduce((total, [user, derivative]) => total + gradients.get(user) * derivative, 0);
    gradients.set(name, gradients.size ? sum : 1);
  }
  return gradients;
}
