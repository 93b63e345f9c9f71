// How many numbers a transformer of given sizes holds, as `weighted_sums.counting` walks through it.

const part = (group, name, copies, rows, columns) => ({ group, name, copies, rows, columns, parameters: copies * rows * columns });

/** The matrices that the famous total counts: embedding and unembedding twice, tied or not. */
export function matrices({ vocabulary, heads, dim, layers }) {
  const width = heads * dim;
  return [
    part("embedding", "embedding", 1, vocabulary, width),
    part("attention", "query", heads * layers, dim, width),
    part("attention", "key", heads * layers, dim, width),
    part("attention", "value", heads * layers, dim, width),
    part("attention", "output", layers, width, width),
    part("MLP", "up", layers, 4 * width, width),
    part("MLP", "down", layers, width, 4 * width),
    part("unembedding", "unembedding", 1, vocabulary, width),
  ];
}

/** What the famous total leaves out; a tied unembedding, which does not exist, counts −1 times. */
export function leftOut({ vocabulary, context, heads, dim, layers, biases, tied }) {
  const width = heads * dim;
  const parts = [
    part("positions", "positions", 1, context, width),
    part("layer norm", "gain", 2 * layers + 1, 1, width),
    part("layer norm", "bias", 2 * layers + 1, 1, width),
    part("biases", "attention", biases ? 4 * layers : 0, 1, width),
    part("biases", "up", layers, 1, 4 * width),
    part("biases", "down", layers, 1, width),
  ];
  return tied ? [...parts, part("tied", "unembedding", -1, vocabulary, width)] : parts;
}

/** How many numbers parts hold together. */
export const total = (parts) => parts.reduce((sum, { parameters }) => sum + parameters, 0);

/** How many numbers each group of parts holds. */
export function byGroup(parts) {
  const groups = {};
  for (const { group, parameters } of parts) groups[group] = (groups[group] ?? 0) + parameters;
  return groups;
}

/** How many matrices there are. */
export const howMany = (parts) => parts.reduce((sum, { copies }) => sum + copies, 0);
