// Optimisers, as `weighted_sums.optimizers` defines them: each maker gives a step that keeps its
// moments from one call to the next.

/** Heavy-ball momentum: the velocity accumulates all gradients so far. */
export function momentum({ learning_rate, momentum: mu = 0.9 }) {
  let v = null;
  return (p, gradient) => {
    v = gradient.map((g, i) => mu * (v ? v[i] : 0) + g);
    return p.map((value, i) => value - learning_rate * v[i]);
  };
}

/** RMSprop: a learning rate for each parameter, divided by the size of its recent gradients. */
export function rmsprop({ learning_rate, decay = 0.99, eps = 1e-8 }) {
  let v = null;
  return (p, gradient) => {
    v = movingAverage(v, gradient.map((g) => g * g), decay);
    return p.map((value, i) => value - (learning_rate * gradient[i]) / (Math.sqrt(v[i]) + eps));
  };
}

/** Adam: momentum and per-parameter learning rates together, with bias correction. */
export function adam({ learning_rate, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }) {
  let [m, v, steps] = [null, null, 0];
  return (p, gradient) => {
    steps += 1;
    m = movingAverage(m, gradient, beta1);
    v = movingAverage(v, gradient.map((g) => g * g), beta2);
    const corrected = learning_rate / (1 - beta1 ** steps);
    const root = Math.sqrt(1 - beta2 ** steps);
    return p.map((value, i) => value - (corrected * m[i]) / (Math.sqrt(v[i]) / root + eps));
  };
}

/** An exponential moving average with the factor `decay`, zero before its first value. */
const movingAverage = (before, now, decay) => now.map((value, i) => {
  const old = before ? before[i] : 0;
  return old + (1 - decay) * (value - old);
});
