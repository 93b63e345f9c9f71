// Better steps downhill, as `weighted_sums.optimizers` takes them: each maker gives a stepper that
// remembers moments from its first step on.

/** A ball with inertia: its velocity gathers all slopes so far. */
export function momentum({ rate, momentum: mu = 0.9 }) {
  let v = null;
  return (place, slopes) => {
    v = slopes.map((dp, i) => mu * (v ? v[i] : 0) + dp);
    return place.map((p, i) => p - rate * v[i]);
  };
}

/** A ruler for each parameter: slopes count relative to their usual size. */
export function rmsProp({ rate, decay = 0.99, eps = 1e-8 }) {
  let s = null;
  return (place, slopes) => {
    s = averaged(s, slopes.map((dp) => dp * dp), decay);
    return place.map((p, i) => p - (rate * slopes[i]) / (Math.sqrt(s[i]) + eps));
  };
}

/** Inertia and rulers together, their start corrected. */
export function adam({ rate, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 }) {
  let [m, s, steps] = [null, null, 0];
  return (place, slopes) => {
    steps += 1;
    m = averaged(m, slopes, beta1);
    s = averaged(s, slopes.map((dp) => dp * dp), beta2);
    const meanRate = rate / (1 - beta1 ** steps);
    const root = Math.sqrt(1 - beta2 ** steps);
    return place.map((p, i) => p - (meanRate * m[i]) / (Math.sqrt(s[i]) / root + eps));
  };
}

/** A moving average that keeps a share of what was, and began at zero. */
const averaged = (before, now, keep) => now.map((value, i) => {
  const old = before ? before[i] : 0;
  return old + (1 - keep) * (value - old);
});
