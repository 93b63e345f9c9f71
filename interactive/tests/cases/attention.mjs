import { rowOf, run, symbol, wanted } from "../../figures/attention.mjs";
import { unpackTree } from "../../kit/unpack.mjs";

export default {
  run: ({ payload, row }) => {
    const { patterns, said, sure } = run(unpackTree(payload), row);
    return { patterns: patterns.map((layer) => layer.map((looks) => [...looks])), said, sure };
  },
  rowOf,
  wanted: ({ state, row }) => row.map((_, i) => wanted(state, row, i)),
  symbol: ({ task, tokens }) => tokens.map((token) => symbol(task, token)).join(""),
};
