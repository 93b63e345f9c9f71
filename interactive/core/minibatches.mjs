// Mini-batches drawn without replacement, and what their size does to the mean.

/** The means of `count` mini-batches of `size` of the values; `random` draws from 0 to 1. */
export function batchMeans(values, size, count, random) {
  const order = Float64Array.from(values);
  return Array.from({ length: count }, () => {
    let sum = 0;
    for (let k = 0; k < size; k++) {
      // the beginning of a shuffle: each value left is as likely as any other
      const other = k + Math.floor(random() * (order.length - k));
      [order[k], order[other]] = [order[other], order[k]];
      sum += order[k];
    }
    return sum / size;
  });
}

/** Mean and standard deviation, as NumPy's. */
export function moments(values) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance) };
}

/** The standard deviation of the mean of m values of n, drawn without replacement. */
export const standardError = (std, m, n) => std * Math.sqrt((n - m) / (n - 1) / m);
