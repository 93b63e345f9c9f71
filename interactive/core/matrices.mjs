// Matrices as the payload holds them, `{ values, shape }`, row after row in one long array.

/** The rows of a matrix that lies in one long array, without copying. */
export const rows = (values, width) =>
  Array.from({ length: values.length / width }, (_, i) => values.subarray(i * width, (i + 1) * width));

/** Row i of a matrix, without copying. */
export const row = ({ values, shape }, i) => values.subarray(i * shape.at(-1), (i + 1) * shape.at(-1));

/** The product of a matrix (its leading axes taken as one) with a vector. */
export function matVec({ values, shape }, x) {
  const width = shape.at(-1);
  const product = new Float64Array(values.length / width);
  for (let j = 0, at = 0; j < product.length; j++) {
    let sum = 0;
    for (let i = 0; i < width; i++, at++) sum += values[at] * x[i];
    product[j] = sum;
  }
  return product;
}

/** The index of the largest value, the first among equals. */
export function argmax(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** The indices by falling value; among equals the earlier first. */
export const ranking = (p) => Array.from(p, (_, i) => i).sort((i, j) => p[j] - p[i] || i - j);
