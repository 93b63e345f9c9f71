import { addNoise } from "../../core/analysis.mjs";
import { interpolate } from "../../core/interpolation.mjs";

export default {
  addNoise: ({ x, u, s }) => addNoise(x, u, s),
  interpolate: ({ points, at }) => at.map((x) => interpolate(points, x)),
};
