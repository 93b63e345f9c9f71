// Normalising a drawing to the form of the training data, as `weighted_sums.drawing` does: the longer
// side of what is drawn becomes 20 pixels, its centre of mass the middle of 28 by 28.

export const SIDE = 28;
const BOX = 20; // pixels that the longer side of a digit fills
const FINE = 4; // samples in each direction for a pixel
const FAINT = 0.1; // darker pixels do not count as drawn

/** The rows and columns between which something is drawn; null for an empty board. */
export function bounds(board, side) {
  let [top, bottom, left, right] = [side, -1, side, -1];
  for (let i = 0; i < side * side; i++) {
    if (board[i] <= FAINT) continue;
    const [y, x] = [Math.floor(i / side), i % side];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
  }
  return bottom < 0 ? null : { top, bottom, left, right };
}

/** The centre of mass of a square board as [row, column]. */
export function centreOfMass(board, side) {
  let [mass, rows, columns] = [0, 0, 0];
  for (let i = 0; i < side * side; i++) {
    mass += board[i];
    rows += board[i] * Math.floor(i / side);
    columns += board[i] * (i % side);
  }
  return [rows / mass, columns / mass];
}

/** The 784 pixels that the network sees of a square board; all black for an empty one. */
export function normaliseDrawing(board, side) {
  const pixels = new Float64Array(SIDE * SIDE);
  const box = bounds(board, side);
  if (!box) return pixels;
  const size = Math.max(box.bottom - box.top, box.right - box.left) + 1;
  const step = size / BOX; // pixels of the board in one of the network's
  const [row, column] = centreOfMass(board, side);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const y = row + (Math.floor(i / SIDE) - SIDE / 2) * step;
    const x = column + ((i % SIDE) - SIDE / 2) * step;
    pixels[i] = average(board, side, y, x, step);
  }
  return pixels;
}

function average(board, side, y, x, step) {
  let sum = 0;
  for (let i = 0; i < FINE * FINE; i++) {
    const down = ((Math.floor(i / FINE) + 0.5) / FINE - 0.5) * step;
    const across = (((i % FINE) + 0.5) / FINE - 0.5) * step;
    sum += bilinear(board, side, y + down, x + across);
  }
  return sum / (FINE * FINE);
}

// bilinear interpolation; dark outside of the board
function bilinear(board, side, y, x) {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, across] = [y - top, x - left];
  const at = (r, c) => (r < 0 || c < 0 || r >= side || c >= side ? 0 : board[r * side + c]);
  const upper = at(top, left) * (1 - across) + at(top, left + 1) * across;
  const lower = at(top + 1, left) * (1 - across) + at(top + 1, left + 1) * across;
  return upper * (1 - down) + lower * down;
}
