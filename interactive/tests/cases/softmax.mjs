import { ranking, shares, topK, topP, withTheRest } from "../../core/softmax.mjs";

export default {
  shares: ({ z, T }) => shares(z, T),
  topK: ({ p, k }) => topK(p, k),
  topP: ({ p, share }) => topP(p, share),
  ranking,
  withTheRest: ({ z, others, T }) => withTheRest(z, others, T),
};
