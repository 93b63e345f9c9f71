// Fading an image into noise, as `weighted_sums.analysis` does it.

/** The image x faded into the noise u at level s: (1 − s) x + s u. */
export const addNoise = (x, u, s) => x.map((v, i) => (1 - s) * v + s * u[i]);
