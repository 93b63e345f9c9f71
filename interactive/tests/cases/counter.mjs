import { byGroup, matrices, matrixCount, total, uncounted } from "../../core/counting.mjs";
import { bands, columns } from "../../figures/counter.mjs";

const all = (c) => [...matrices(c), ...uncounted(c)];

export default {
  matrices: (c) => matrices(c).map(Object.values),
  uncounted: (c) => uncounted(c).map(Object.values),
  published: (c) => total(matrices(c)),
  everything: (c) => total(all(c)),
  matrixCount: (c) => matrixCount(matrices(c)),
  byGroup: (c) => byGroup(all(c)),
  // the areas of each column add up to its fraction of the parameters
  columns: (c) => Object.values(columns(all(c))).map((kinds) => [...kinds.values()].reduce((a, b) => a + b, 0)),
  bands: (c) => bands(all(c)),
};
