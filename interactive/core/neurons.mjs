// Activation functions and their derivatives, as `weighted_sums.neurons` defines them.

/** The sigmoid; written so that neither end overflows. */
export function sigmoid(z) {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** The derivative of the sigmoid at z. */
export function sigmoidPrime(z) {
  const a = sigmoid(z);
  return a * (1 - a);
}

/** The larger of z and 0. */
export const relu = (z) => (z > 0 ? z : 0);
