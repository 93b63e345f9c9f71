// How values are told in words.

const SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (n) => (n < 0 ? "⁻" : "") + [...String(Math.abs(n))].map((d) => SUPER[d]).join("");

/** A number as the book writes it: −0.25, 12,960, 1.2 × 10⁹; ∞ when it has left all bounds. */
export function shown(value, digits = 2) {
  if (Number.isNaN(value)) return "no number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size >= (digits > 0 ? 1e7 : 1e21)) {
    const power = Math.floor(Math.log10(size));
    return `${(value / 10 ** power).toFixed(1).replace("-", "−")} × 10${raised(power)}`;
  }
  const [whole, ...part] = size.toFixed(digits).split(".");
  const fixed = [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...part].join(".");
  return (value < 0 && /[1-9]/.test(fixed) ? "−" : "") + fixed;
}

/** A fraction between 0 and 1 as a percentage. */
export const percent = (fraction, digits = 0) => `${shown(100 * fraction, digits)} %`;

/** So many of a thing: "1 step", "2 steps", "1,200 steps". */
export const counted = (count, thing) => `${shown(count, 0)} ${thing}${count === 1 ? "" : "s"}`;

/** A number in as few digits as tell it apart, three at most: 0.001, 0.3, 20. */
export const brief = (value) => String(Number(value.toPrecision(3))).replace("-", "−");
