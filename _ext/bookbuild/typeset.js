// Run in MathJax's engine by `formulas.py`: TeX to MathML that browsers space as TeX does.
// They go by a dictionary of their own, in exponents too; TeX goes by the kinds of the neighbours.
// Here each operator is given TeX's space, and where none stands, a space is put.
MathJax.startup.getComponents();
MathJax.startup.makeMethods();
const EM = { thinmathspace: "0.167em", mediummathspace: "0.222em", thickmathspace: "0.278em" };
const OPENED = [..."()[]{}"]; // browsers put no space beside these either
const set = (node, values) => node.attributes.setList(values);
const visit = (node) => {
  const [, over] = node.childNodes;
  const operator = node.isKind("mo") && node.getText();
  if (node.isKind("mo") && !OPENED.includes(operator)) set(node, { lspace: "0", rspace: "0" });
  if (operator === "\u2299") set(node, { largeop: false }); // Firefox
  if (node.isKind("mover") && over.attributes.get("accent")) set(node, { accent: true });
  if (node.isToken) return;
  node.childNodes.forEach((child) => child && visit(child));
  if (!node.isKind("mrow") && !node.isInferred) return;
  for (let at = node.childNodes.length - 1; at >= 0; at--) {
    const [before, child] = [node.childNodes[at - 1], node.childNodes[at]];
    const width = EM[child.texSpacing()];
    if (!width) continue;
    if (child.isEmbellished) set(child.coreMO(), { lspace: width });
    else if (before?.isEmbellished) set(before.coreMO(), { rspace: width });
    else node.childNodes.splice(at, 0, node.factory.create("mspace", { width }));
  }
};
globalThis.typeset = (tex, display) => {
  const root = MathJax.startup.document.convert(tex, { display, end: 100 });
  root.setTeXclass(null);
  visit(root);
  return MathJax.startup.toMML(root);
};
null;
