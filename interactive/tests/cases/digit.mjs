import { centreOfMass, normaliseDrawing } from "../../core/drawing.mjs";
import { argmax } from "../../core/matrices.mjs";
import { activations, affine, layer } from "../../core/networks.mjs";
import { readStrokes, writeStrokes } from "../../core/strokes.mjs";
import { unpack, unpackTree } from "../../kit/unpack.mjs";
import { drawing, undone } from "../../figures/digit.mjs";
import { boardOf } from "../../figures/digit-pad.mjs";

export default {
  activations: ({ x, layers }) => activations(x, unpackTree(layers).map(layer)).map((a) => [...a]),
  affine: ({ x, layers }) => affine(x, unpackTree(layers).map(layer)[0]),
  argmax,
  normaliseDrawing: ({ board, side }) => normaliseDrawing(board, side),
  centreOfMass: ({ board, side }) => centreOfMass(board, side),
  strokes: (text) => writeStrokes(readStrokes(text)),
  undone,
  // the states in which a pen draws; the last one, which stays for a while, once
  drawing: (strokes) => [...new Set(drawing(strokes).map((state) => state.strokes))],
  points: readStrokes,
  // the middle of a stroke is bright, a far corner dark, and nothing exceeds one
  brush: (text) => {
    const board = boardOf(text);
    return [board[32 * 64 + 32], board[0], Math.max(...board)];
  },
  unpack: (packed) => unpack(packed),
};
