import { convnetLogits, convolve, kernelsOf, maxPool } from "../../core/convolution.mjs";

const maps = (x) => x.map((rows) => ({ values: Float64Array.from(rows.flat()), side: rows.length }));
const packed = (array, shape) => ({ values: Float64Array.from(array.flat(Infinity)), shape });
const shapeOf = (array) => (Array.isArray(array) ? [array.length, ...shapeOf(array[0])] : []);
const layer = ([W, b]) => [packed(W, shapeOf(W)), packed(b, shapeOf(b))];

export default {
  convolve: ({ x, w, b }) => [...convolve(maps(x), Float64Array.from(w.flat(Infinity)), b, w[0].length).values],
  maxPool: ({ x, size }) => [...maxPool(maps([x])[0], size).values],
  convnetLogits: ({ x, net }) => {
    const [first, second, output] = net.map(layer);
    return convnetLogits(Float64Array.from(x), 28, [kernelsOf(first), kernelsOf(second), output]);
  },
};
