import { batchMeans, moments, standardError } from "../../core/minibatches.mjs";
import { randomNumbers } from "../../core/random.mjs";

export default {
  moments: ({ values }) => moments(values),
  standardError: ({ std, m, n }) => standardError(std, m, n),
  batchMeans: ({ values, size }) => batchMeans(values, size, 3, randomNumbers(5)),
};
