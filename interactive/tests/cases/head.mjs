import { attend } from "../../core/attention.mjs";
import { labels } from "../../figures/head.mjs";

export default {
  attend: ({ q, k, v, scaled }) => attend(q, k, v, scaled),
  labels: ({ words, keys }) => labels(words, keys).map((found) => found.words),
};
