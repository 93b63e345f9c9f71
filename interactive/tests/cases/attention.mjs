import { flat, run, symbol, target, tokensOf } from "../../figures/attention.mjs";
import { unpackTree } from "../../kit/unpack.mjs";

export default {
  run: ({ payload, tokens }) => run(unpackTree(payload), tokens),
  flat,
  tokensOf,
  target: ({ state, tokens }) => tokens.map((_, i) => target(state, tokens, i)),
  symbol: ({ task, tokens }) => tokens.map((token) => symbol(task, token)).join(""),
};
