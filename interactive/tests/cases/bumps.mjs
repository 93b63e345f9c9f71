import { evaluate, largestError, middles, staircase } from "../../core/universality.mjs";
import { heightsOf, withHeight } from "../../figures/bumps.mjs";

export default {
  staircase: ({ heights, steepness }) => staircase(heights, steepness),
  evaluate: ({ heights, steepness, x }) => x.map((v) => evaluate(v, staircase(heights, steepness))),
  middles,
  largestError: ({ heights, steepness, points }) => largestError(points, staircase(heights, steepness)),
  heightsOf: ({ state, points }) => heightsOf(state, points),
  withHeight: ({ state, i, height }) => withHeight(state, i, height),
};
