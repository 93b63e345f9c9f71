// Gradient descent, as `weighted_sums.descent` does it. Parameters are a list of numbers; an
// optimiser is a function of the parameters and the gradient there, and returns the next parameters.

/** Plain gradient descent: a step against the gradient, in proportion to the learning rate. */
export const gradientDescent = ({ learning_rate }) => (p, gradient) => p.map((v, i) => v - learning_rate * gradient[i]);

/** Descend from `start` and return every point on the way, the start first. */
export function descend(gradient, start, step, steps) {
  const path = [start];
  for (let i = 0; i < steps; i++) path.push(step(path[i], gradient(path[i])));
  return path;
}
