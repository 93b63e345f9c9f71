// The board on which a template is painted: by mouse, by finger, and by keys.
import { CELLS, cellsBetween } from "../core/templates.mjs";
import { COLOURS } from "../kit/pixels.mjs";
import { html } from "../kit/svg.mjs";

const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const HELP = "Board to paint on. The arrow keys move the brush, Space paints the cell under it.";
const FINE = 12; // dots of the canvas for a cell
const COVER = 0.8; // of a painted cell's colour; the rest is the image below it

const within = (v) => Math.max(0, Math.min(CELLS - 1, v));
const colour = (sign, brightness) => {
  const below = COLOURS.gray(brightness);
  return sign ? COLOURS.weights(sign).map((c, i) => Math.round(COVER * c + (1 - COVER) * below[i])) : below;
};

/** The board; `paint(cells)` is told of the cells [row, column] under a brush that moves. */
export function board(paint) {
  const canvas = html("canvas", { class: "ws-template-board", tabindex: 0, role: "application", "aria-label": HELP });
  const brush = { cell: [6, 6], seen: false };
  let last = [new Int8Array(CELLS * CELLS), new Float64Array(CELLS * CELLS)];

  function cellOf(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width].map((v) => within(Math.floor(CELLS * v)));
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    [brush.seen, brush.cell] = [false, cellOf(event)];
    paint([brush.cell]);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const cell = cellOf(event);
    paint(cellsBetween(brush.cell, cell));
    brush.cell = cell;
  });
  canvas.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way && event.key !== " ") return;
    event.preventDefault();
    brush.seen = true;
    if (way) brush.cell = brush.cell.map((v, i) => within(v + way[i]));
    else paint([brush.cell]);
    show(...last);
  });
  canvas.addEventListener("blur", () => {
    brush.seen = false;
    show(...last);
  });

  function show(signs, image) {
    last = [signs, image];
    canvas.width = canvas.height = CELLS * FINE;
    const context = canvas.getContext("2d");
    signs.forEach((sign, i) => {
      context.fillStyle = `rgb(${colour(sign, image[i])})`;
      context.fillRect(FINE * (i % CELLS), FINE * Math.floor(i / CELLS), FINE, FINE);
    });
    if (!brush.seen) return;
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = 2;
    context.strokeRect(FINE * brush.cell[1] + 1, FINE * brush.cell[0] + 1, FINE - 2, FINE - 2);
  }
  return { canvas, show };
}
