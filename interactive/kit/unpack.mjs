// Arrays as Python packed them: base64 or bytes, little-endian, in float32, float16 or int8.

const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

const POWERS = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (exponent - 15));

/** The value of the 16 bits of a half-precision number (IEEE 754 binary16). */
export function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? (1 + fraction / 1024) * POWERS[exponent] : fraction * 2 ** -24);
}

// a plain loop: `Float64Array.from` with a function takes several times as long
function read(count, valueAt) {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = valueAt(i);
  return values;
}

const READERS = {
  float32: (view, count) => read(count, (i) => view.getFloat32(4 * i, true)),
  float16: (view, count) => read(count, (i) => half(view.getUint16(2 * i, true))),
  uint8: (view, count) => read(count, (i) => view.getUint8(i)),
  int8: (view, count) => read(count, (i) => view.getInt8(i)),
};
const SIZES = { float32: 4, float16: 2, uint8: 1, int8: 1 };

/** An array `{ dtype, shape, base64 }`, or a part of `buffer` that begins at `offset`. */
export function unpack({ dtype, shape, base64, offset = 0, scale = 1 }, buffer = null) {
  const bytes = base64 === undefined ? new Uint8Array(buffer) : bytesOf(base64);
  const count = shape.reduce((a, b) => a * b, 1);
  if (bytes.length < offset + count * SIZES[dtype]) throw new Error(`an array of shape ${shape} is cut short`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * SIZES[dtype]);
  const values = READERS[dtype](view, count);
  return scale === 1 ? values : values.map((v) => v * scale);
}

/** Parameters as Python nested them: every packed array becomes `{ values, shape }`. */
export function unpackTree(tree, buffer = null) {
  if (Array.isArray(tree)) return tree.map((part) => unpackTree(part, buffer));
  if (tree.dtype) return { values: unpack(tree, buffer), shape: tree.shape };
  return Object.fromEntries(Object.entries(tree).map(([name, part]) => [name, unpackTree(part, buffer)]));
}
