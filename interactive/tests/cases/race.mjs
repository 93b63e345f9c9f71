import { distance, ravineGradient, turned } from "../../core/ravine.mjs";
import { bestRate, paths, walk } from "../../figures/race.mjs";

export default {
  turned: ({ place, degrees }) => turned(place, degrees),
  ravineGradient: ({ steep, degrees, place }) => ravineGradient(steep, degrees)(place),
  distance: (place) => distance(place),
  walk: ({ runner, rate, steep, degrees, start, steps }) =>
    walk(runner, rate, ravineGradient(steep, degrees), start, steps),
  bestRate: ({ runner, rates, steep, start, steps }) =>
    bestRate(runner, rates, ravineGradient(steep, 0), start, steps),
  paths: ({ payload, state }) => paths(payload, state).map(({ path }) => path.at(-1)),
};
