import { ranking } from "../../core/matrices.mjs";
import { probabilities, topK, topP, withTail } from "../../core/sampling.mjs";
import { drawn } from "../../figures/softmax.mjs";

export default {
  probabilities: ({ logits, T }) => probabilities(logits, T),
  topK: ({ p, k }) => topK(p, k),
  topP: ({ p, mass }) => topP(p, mass),
  drawn: ({ p, count }) => {
    const rows = drawn(p, count);
    return p.every((v, i) => Math.abs(rows.filter((row) => row === i).length / count - v) < 0.03);
  },
  ranking,
  withTail: ({ logits, tail, T }) => withTail(logits, tail, T),
};
