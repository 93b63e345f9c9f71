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

/** A share between 0 and 1 as a percentage. */
export const percent = (share, digits = 0) => `${shown(100 * share, digits)} %`;
