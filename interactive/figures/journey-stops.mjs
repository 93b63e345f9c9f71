// The stops of a token's journey: at each, the arrays that are shown, and what happens there.
import { headOf } from "../core/journey.mjs";

const matrix = (name, { values, shape }) => ({ name, values, rows: shape[0], columns: shape[1], role: "weights" });
const vector = (name, values, role = "weights") => ({ name, values, rows: 1, columns: values.length, role });
const out = (name, values, role) => ({ ...vector(name, values, role), result: true });

/** How many stops a model has: the start, nine for each layer, and two at the end. */
export const stopCount = (layers) => 9 * layers + 3;

/** The stream after the embedding and after each part that has been added so far, a row for each. */
function history({ start, layers }, layer, isEnd) {
  const rows = [start, ...layers.slice(0, layer + 1).flatMap(({ middle, end }) => [middle, end])];
  if (!isEnd) rows.pop();
  return { name: "after each part", values: rows.flatMap((x) => [...x]), rows: rows.length, columns: start.length, role: "weights", tall: true };
}

function inLayer(found, model, layer, h) {
  const visit = found.layers[layer];
  const { attention, up, down } = model.blocks[layer];
  const head = visit.heads[h];
  const W = (name) => headOf(attention[name], h);
  const at = (name, words, stream, panels, more = {}) => ({ name: `layer ${layer + 1}: ${name}`, words, stream, panels, ...more });
  return [
    at("layer norm", "the vector is brought to mean 0 and variance 1, then scaled and shifted", visit.x, [vector("stream", visit.x), out("normalised", visit.normed_1)]),
    at(`query, key, value of head ${h + 1}`, "three matrices make three shorter vectors", visit.x, [
      matrix("W_Q", W("W_q")), vector("query", head.q), matrix("W_K", W("W_k")), vector("key", head.k), matrix("W_V", W("W_v")), out("value", head.v),
    ]),
    at(`attention weights of head ${h + 1}`, "the query meets the keys of all positions so far", visit.x, [out("weights", head.weights, "attention")], { weights: head.weights }),
    at(`output of head ${h + 1}`, "the values are added up by their weights, and W_O makes a vector of full length", visit.x, [vector("weighted values", head.mixed), matrix("W_O", W("W_o")), out("what the head writes", head.written)]),
    at("attention is added", "the outputs of all heads are added to the stream", visit.middle, [vector("stream", visit.x), vector("update", visit.attended), out("new stream", visit.middle), history(found, layer, false)]),
    at("layer norm", "the new stream is normalised for the MLP", visit.middle, [vector("stream", visit.middle), out("normalised", visit.normed_2)]),
    at("up and GELU", "each row of the matrix is one neuron's question", visit.middle, [matrix("W↑", up.W), out("neurons", visit.hidden, "activation")]),
    at("down", "each active neuron writes its column", visit.middle, [matrix("W↓", down.W), out("update", visit.written)]),
    at("the MLP is added", "the output of the MLP is added to the stream", visit.end, [vector("stream", visit.middle), vector("update", visit.written), out("new stream", visit.end), history(found, layer, true)]),
  ];
}

/** All stops of a journey that `core/journey.mjs` has computed; `token` is the row of the embedding. */
export function stops(found, model, token, h) {
  const end = found.layers.at(-1).end;
  const first = {
    name: "embedding and position", words: "a row of E and a row of P are added", stream: found.start,
    panels: [{ ...matrix("E", model.embedding), marked: token }, vector("position", found.position), out("stream", found.start)],
  };
  return [
    first,
    ...found.layers.flatMap((_, layer) => inLayer(found, model, layer, h)),
    { name: "last layer norm", words: "the vector is normalised once more", stream: end, panels: [vector("stream", end), out("normalised", found.normed)] },
    { name: "unembedding and softmax", words: "a dot product with the row of each letter gives its logit", stream: end, panels: [matrix("U", model.unembedding), out("logits", found.logits)] },
  ];
}
