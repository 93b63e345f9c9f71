import { journey, lens } from "../../core/journey.mjs";
import { tokensOf } from "../../figures/journey.mjs";
import { stopCount, stops } from "../../figures/journey-stops.mjs";
import { unpackTree } from "../../kit/unpack.mjs";

// arrays of every kind as plain lists, and the fields in the order in which Python names them
const plain = (value) => {
  if (ArrayBuffer.isView(value)) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)])) : value;
};

export default {
  journey: ({ payload, tokens }) => plain(journey(tokens, unpackTree(payload))),
  lens: ({ payload, x }) => plain(lens(Float64Array.from(x), unpackTree(payload))),
  tokensOf: ({ words, longest }) => tokensOf(words, longest),
  stops: (payload) => {
    const model = unpackTree(payload);
    return [stops(journey([3, 1], model), model, 1, 0).length, stopCount(model.blocks.length)];
  },
};
