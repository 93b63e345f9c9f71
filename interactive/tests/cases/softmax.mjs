import { ranking } from "../../core/matrices.mjs";
import { probabilities, topK, topP, withTail } from "../../core/sampling.mjs";

export default {
  probabilities: ({ logits, T }) => probabilities(logits, T),
  topK: ({ p, k }) => topK(p, k),
  topP: ({ p, mass }) => topP(p, mass),
  ranking,
  withTail: ({ logits, tail, T }) => withTail(logits, tail, T),
};
