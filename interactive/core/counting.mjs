// The parameters of a transformer of given sizes, as `weighted_sums.counting` counts them.

const part = (group, name, copies, rows, columns) => ({ group, name, copies, rows, columns, parameters: copies * rows * columns });

/** The matrices that the published total counts: embedding and unembedding, tied or not. */
export function matrices({ vocab_size, n_heads, d_head, n_layers }) {
  const d_model = n_heads * d_head;
  return [
    part("embedding", "embedding", 1, vocab_size, d_model),
    part("attention", "query", n_heads * n_layers, d_head, d_model),
    part("attention", "key", n_heads * n_layers, d_head, d_model),
    part("attention", "value", n_heads * n_layers, d_head, d_model),
    part("attention", "output", n_layers, d_model, d_model),
    part("MLP", "up", n_layers, 4 * d_model, d_model),
    part("MLP", "down", n_layers, d_model, 4 * d_model),
    part("unembedding", "unembedding", 1, vocab_size, d_model),
  ];
}

/** What the published total does not count; a tied unembedding, which does not exist, counts −1 times. */
export function uncounted({ vocab_size, context, n_heads, d_head, n_layers, biases, tied }) {
  const d_model = n_heads * d_head;
  const parts = [
    part("positions", "positions", 1, context, d_model),
    part("layer norm", "gain", 2 * n_layers + 1, 1, d_model),
    part("layer norm", "bias", 2 * n_layers + 1, 1, d_model),
    part("biases", "attention", biases ? 4 * n_layers : 0, 1, d_model),
    part("biases", "up", n_layers, 1, 4 * d_model),
    part("biases", "down", n_layers, 1, d_model),
  ];
  return tied ? [...parts, part("tied", "unembedding", -1, vocab_size, d_model)] : parts;
}

/** The parameters of all parts. */
export const total = (parts) => parts.reduce((sum, { parameters }) => sum + parameters, 0);

/** The parameters of each group of parts. */
export function byGroup(parts) {
  const groups = {};
  for (const { group, parameters } of parts) groups[group] = (groups[group] ?? 0) + parameters;
  return groups;
}

/** How many matrices there are. */
export const matrixCount = (parts) => parts.reduce((sum, { copies }) => sum + copies, 0);
