import { byGroup, howMany, leftOut, matrices, total } from "../../core/counting.mjs";
import { bands } from "../../figures/counter.mjs";

const all = (c) => [...matrices(c), ...leftOut(c)];

export default {
  matrices: (c) => matrices(c).map(Object.values),
  leftOut: (c) => leftOut(c).map(Object.values),
  famous: (c) => total(matrices(c)),
  everything: (c) => total(all(c)),
  howMany: (c) => howMany(matrices(c)),
  byGroup: (c) => byGroup(all(c)),
  bands: (c) => bands(all(c)),
};
