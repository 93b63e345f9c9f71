import { frequencies, rotate, score } from "../../core/rope.mjs";
import { curve, namesAt } from "../../figures/rope.mjs";

export default {
  frequencies: ({ d, base }) => frequencies(d, base),
  rotate: ({ x, position, base }) => rotate(x, position, base),
  score: ({ q, k, at, base }) => score(q, k, at, base),
  // how far the two names stand from each other
  namesApart: (tips) => tips.map((pair) => Math.hypot(...[0, 1].map((i) => namesAt(pair)[1][i] - namesAt(pair)[0][i]))),
  namesAt: (tips) => namesAt(tips),
  curve: ({ payload, points }) => curve(payload, points),
};
