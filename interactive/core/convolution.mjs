// Convolution and pooling of single images, as `weighted_sums.convolution` defines them.

/** The weighted sums of every patch of `maps` with one kernel; a map is `{ values, side }`. */
export function convolve(maps, kernel, bias, size) {
  const side = maps[0].side - size + 1;
  const values = new Float64Array(side * side).fill(bias);
  maps.forEach(({ values: from, side: wide }, c) => {
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        let sum = 0;
        for (let u = 0; u < size; u++) {
          for (let v = 0; v < size; v++) sum += kernel[(c * size + u) * size + v] * from[(i + u) * wide + j + v];
        }
        values[i * side + j] += sum;
      }
    }
  });
  return { values, side };
}

/** The largest entry of each window of `size` × `size`; what fills no window is left out. */
export function maxPool({ values, side }, size) {
  const small = Math.floor(side / size);
  const found = new Float64Array(small * small).fill(-Infinity);
  for (let i = 0; i < small * size; i++) {
    for (let j = 0; j < small * size; j++) {
      const at = Math.floor(i / size) * small + Math.floor(j / size);
      found[at] = Math.max(found[at], values[i * side + j]);
    }
  }
  return { values: found, side: small };
}

/** Kernels of a layer, `{ W, b }` unpacked, each as one array for all channels. */
export function kernelsOf([W, b]) {
  const [count, , size] = W.shape;
  const length = W.values.length / count;
  return Array.from({ length: count }, (_, k) => ({ weights: W.values.slice(k * length, (k + 1) * length), bias: b.values[k], size }));
}

/** One stage: convolution, ReLU and pooling. */
export function stage(maps, kernels, pool = 2) {
  return kernels.map(({ weights, bias, size }) => {
    const z = convolve(maps, weights, bias, size);
    return maxPool({ ...z, values: z.values.map((v) => Math.max(0, v)) }, pool);
  });
}

/** The logits of the ten digits for an image of `side` × `side`, as `weighted_sums.convnets` has them. */
export function convnetLogits(pixels, side, [first, second, [W, b]]) {
  const features = stage(stage([{ values: pixels, side }], first), second).flatMap(({ values }) => [...values]);
  return Array.from(b.values, (bias, k) => features.reduce((sum, a, i) => sum + W.values[k * features.length + i] * a, bias));
}
