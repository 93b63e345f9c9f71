import { measure, withoutWeight } from "../../core/losses.mjs";

export default {
  measure: ({ hidden, W, b, labels, j, i, w }) => measure(withoutWeight(hidden, { W, b }, labels, j, i), j, w),
};
