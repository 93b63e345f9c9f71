// A drawing that is pressed fills the window; its button does the same for the keyboard.
document.addEventListener("DOMContentLoaded", () => {
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.setAttribute("aria-label", "Figure, enlarged");
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside the drawing
  });

  function enlarge(drawing) {
    const copy = drawing.cloneNode(true);
    copy.classList.remove("pressable");
    dialog.replaceChildren(close, copy);
    if (!dialog.isConnected) document.body.append(dialog);
    dialog.showModal();
  }

  for (const drawing of document.querySelectorAll("figure svg.drawing")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "enlarge";
    button.textContent = "Enlarge";
    button.setAttribute("aria-label", `Enlarge: ${drawing.getAttribute("aria-label")}`);
    button.addEventListener("click", () => enlarge(drawing));
    drawing.classList.add("pressable");
    drawing.addEventListener("click", () => enlarge(drawing));
    drawing.after(button);
  }
});
