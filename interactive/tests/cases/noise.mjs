import { along, withNoise } from "../../core/noise.mjs";

export default {
  withNoise: ({ x, u, s }) => withNoise(x, u, s),
  along: ({ points, at }) => at.map((x) => along(points, x)),
};
