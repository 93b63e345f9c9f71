// Motion over time. Readers who ask for less motion see only where it ends.
import { ease } from "../core/tween.mjs";

/** Whether the reader has asked for less motion. */
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** How long a figure takes from one state to the next, in milliseconds. */
export const GLIDE = 240;

/** One motion at a time: a new one replaces the last. */
export class Motion {
  #frame = 0;

  get running() {
    return this.#frame !== 0;
  }

  /** Call `draw(t)` on every frame while t rises from 0 to 1 in `ms`, then `done()`. */
  run(ms, draw, done = () => {}, curve = ease) {
    this.stop();
    let begun = null;
    const tick = (now) => {
      begun ??= now;
      const t = Math.min(1, (now - begun) / ms);
      this.#frame = t < 1 ? requestAnimationFrame(tick) : 0;
      draw(curve(t));
      if (t === 1) done();
    };
    this.#frame = requestAnimationFrame(tick);
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}
