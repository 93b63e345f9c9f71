// The board to draw on: by mouse, by finger, and by keys.
import { BOARD, rasterise, readStrokes, writeStrokes } from "../core/strokes.mjs";
import { paint } from "../kit/pixels.mjs";
import { html } from "../kit/svg.mjs";

const RADIUS = 2.8; // of the brush, in pixels of the board: about the pen of the training data
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const JUMP = 2; // pixels that a key moves the brush
const NEAR = 1.9; // a point nearer to the last one adds nothing but length to the address
const HELP = "Board to draw on. The arrow keys move the brush, Space puts it down or lifts it.";

const within = (v) => Math.max(0, Math.min(BOARD - 1, Math.round(v)));

/** The brightness of the board under the strokes that a text holds. */
export const boardOf = (text) => rasterise(readStrokes(text), RADIUS);

/** The board; `read()` gives the strokes as text, `write(text)` takes them. */
export function pad(read, write) {
  const canvas = html("canvas", { class: "ws-digit-pad", tabindex: 0, role: "application", "aria-label": HELP });
  const brush = { x: BOARD / 2, y: BOARD / 4, down: false, seen: false };

  function add(point, fresh) {
    const strokes = readStrokes(read());
    if (fresh || !strokes.length) strokes.push([]);
    const last = strokes.at(-1).at(-1);
    if (last && !fresh && Math.hypot(last[0] - point[0], last[1] - point[1]) < NEAR) return;
    strokes.at(-1).push(point);
    write(writeStrokes(strokes));
  }

  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top].map((v, i) => within((v / (i ? box.height : box.width)) * BOARD - 0.5));
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    brush.seen = false;
    add(pointOf(event), true);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) add(pointOf(event), false);
  });
  canvas.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way && event.key !== " ") return;
    event.preventDefault();
    brush.seen = true;
    if (way) [brush.x, brush.y] = [within(brush.x + JUMP * way[0]), within(brush.y + JUMP * way[1])];
    else brush.down = !brush.down;
    if (brush.down) add([brush.x, brush.y], !way);
    else show(shown);
  });
  canvas.addEventListener("blur", () => {
    [brush.seen, brush.down] = [false, false];
    show(shown);
  });

  let shown = new Float64Array(BOARD * BOARD);
  function show(board) {
    shown = board;
    paint(canvas, board, BOARD, BOARD);
    if (!brush.seen) return;
    const context = canvas.getContext("2d");
    context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
    context.beginPath();
    context.arc(brush.x + 0.5, brush.y + 0.5, RADIUS + 1, 0, 2 * Math.PI);
    if (brush.down) context.fill();
    else context.stroke();
  }
  return { canvas, show };
}
