import { cellsBetween, quantile, readCells, sumsOf, templateOf, writeCells } from "../../core/templates.mjs";
import { painting } from "../../figures/template.mjs";

const read = (text) => [...readCells(text)];

export default {
  readCells: read,
  writeCells,
  nonsense: read,
  templateOf: (signs) => [...templateOf(signs)],
  sumsOf: ({ images, signs }) => sumsOf(images, templateOf(signs)),
  quantile: ({ values, q }) => quantile(values, q),
  cellsBetween: ([from, to]) => cellsBetween(from, to),
  painting: (cells) => painting(cells).map((state) => state.cells),
};
