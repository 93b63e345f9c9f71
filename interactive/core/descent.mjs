// Steps downhill, as `weighted_sums.descent` takes them. A place is a list of numbers; a stepper is
// a function of a place and the slopes there, and answers with the next place.

/** The plain step downhill: against the slopes, in proportion to the rate. */
export const gradientDescent = ({ rate }) => (place, slopes) => place.map((p, i) => p - rate * slopes[i]);

/** Walk from `start` and return every place on the way, the start first. */
export function descend(gradient, start, stepper, steps) {
  const path = [start];
  for (let i = 0; i < steps; i++) path.push(stepper(path[i], gradient(path[i])));
  return path;
}
