import { frequencies, rotate, score } from "../../core/rope.mjs";
import { curve } from "../../figures/rope.mjs";

export default {
  frequencies: ({ d, base }) => frequencies(d, base),
  rotate: ({ x, position, base }) => rotate(x, position, base),
  score: ({ q, k, at, base }) => score(q, k, at, base),
  curve: ({ payload, points }) => curve(payload, points),
};
