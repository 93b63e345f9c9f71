import { distance, ravineGradient, rotate } from "../../core/landscapes.mjs";
import { bestRate, pathOf, paths } from "../../figures/race.mjs";
import { limits, upTo } from "../../figures/race-lane.mjs";

export default {
  rotate: ({ point, degrees }) => rotate(point, degrees),
  ravineGradient: ({ curvature, degrees, point }) => ravineGradient(curvature, degrees)(point),
  upTo: ({ path, step }) => upTo(path, step),
  limits: (all) => limits(all),
  distance: (point) => distance(point),
  path: ({ runner, learning_rate, curvature, degrees, start, steps }) =>
    pathOf(runner, learning_rate, ravineGradient(curvature, degrees), start, steps),
  bestRate: ({ runner, learning_rates, curvature, start, steps }) =>
    bestRate(runner, learning_rates, ravineGradient(curvature, 0), start, steps),
  paths: ({ payload, state }) => paths(payload, state).map(({ path }) => path.at(-1)),
};
