import { byGroup, matrices, matrixCount, total, uncounted } from "../../core/counting.mjs";
import { bands } from "../../figures/counter.mjs";

const all = (c) => [...matrices(c), ...uncounted(c)];

export default {
  matrices: (c) => matrices(c).map(Object.values),
  uncounted: (c) => uncounted(c).map(Object.values),
  published: (c) => total(matrices(c)),
  everything: (c) => total(all(c)),
  matrixCount: (c) => matrixCount(matrices(c)),
  byGroup: (c) => byGroup(all(c)),
  bands: (c) => bands(all(c)),
};
