// Points of a drawing that a reader drags, by mouse, finger or arrow keys. A handle lies over the
// stage, so that it stays while the drawing under it changes.
import { html } from "./svg.mjs";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * `plot()` is the drawing that `at(state)` gives a point [x, y] of, in the units of its data;
 * `move([x, y])` is what changes when the reader drags it there. A key moves it by `step`, [dx, dy].
 * `label` names it, `tell(state)` its value in words. It may stand some pixels `above` its point, and its
 * tag `below` it, where to its right something is drawn.
 */
export function handle(frame, { label, plot, at, move, step, tell, tag = null, above = 0, below = false }) {
  const node = html("div", { class: below ? "ws-handle ws-tag-below" : "ws-handle", role: "slider", tabindex: 0, "aria-label": label }, tag && html("span", { "aria-hidden": "true" }, tag));
  frame.box.append(node);
  const put = (point) => {
    frame.player?.stop();
    frame.set(move(point.map((v, i) => clamp(v, [plot().x, plot().y][i]))), false);
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    node.setPointerCapture(event.pointerId);
    node.classList.add("ws-dragged");
    event.preventDefault();
    node.focus({ preventScroll: true, focusVisible: false });
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) put(plot().under(event));
  });
  for (const kind of ["pointerup", "pointercancel"]) node.addEventListener(kind, () => node.classList.remove("ws-dragged"));
  node.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    const [x, y] = at(frame.state);
    put([x + way[0] * step[0], y + way[1] * step[1]]);
  });
  frame.painters.push((state) => {
    const point = at(state);
    node.hidden = point === null;
    if (point === null) return;
    const [left, top] = plot().pixels(point, frame.box);
    node.style.transform = `translate(${left}px, ${top - above}px)`;
  });
  frame.followers.push((state) => {
    const point = at(state);
    if (point === null) return;
    node.setAttribute("aria-valuenow", Number(point[0].toPrecision(4)));
    node.setAttribute("aria-valuetext", tell(state));
  });
}

const clamp = (v, [a, b]) => Math.max(Math.min(a, b), Math.min(Math.max(a, b), v));
