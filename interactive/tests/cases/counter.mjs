import { byGroup, matrices, matrixCount, total, uncounted } from "../../core/counting.mjs";
import { bands, columns, partsOf } from "../../figures/counter.mjs";

const all = (c) => partsOf({ ...c, all: true });

export default {
  matrices: (c) => matrices(c).map(Object.values),
  uncounted: (c) => uncounted(c).map(Object.values),
  published: (c) => total(matrices(c)),
  everything: (c) => total(all(c)),
  ticked: (state) => total(partsOf(state)),
  matrixCount: (c) => matrixCount(matrices(c)),
  byGroup: (c) => byGroup(all(c)),
  // the areas of each column add up to its fraction of the parameters
  columns: (c) => Object.values(columns(all(c))).map((kinds) => [...kinds.values()].reduce((a, b) => a + b, 0)),
  bands: (c) => bands(all(c)),
};
