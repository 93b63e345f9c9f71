// Small repairs of the theme, so that keyboard and screen-reader users meet no dead end.
document.addEventListener("DOMContentLoaded", () => {
  const each = (selector, repair) => document.querySelectorAll(selector).forEach(repair);

  // a visible name must be part of the spoken one
  each("button[aria-label]:not(.search-button__button), details.hide summary[aria-label]", (node) => {
    if (node.textContent.trim()) node.removeAttribute("aria-label");
  });
  each(".theme-switch-button", (node) => {
    node.setAttribute("aria-label", "Color mode: Light, Dark, System Settings");
  });

  // roles that the standard has dropped
  each("[role=doc-biblioentry]", (node) => node.setAttribute("role", "listitem"));

  // the title of a folded solution opens it, as the rest of its bar does
  each(".solution.dropdown > .admonition-title a", (link) => link.replaceWith(...link.childNodes));

  // what scrolls sideways, at this width, must be reachable by keyboard; asked when it is drawn
  const reach = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
      fade({ target });
    }
  });
  // and fades where a part of it lies to the right
  const fade = ({ target }) => {
    target.classList.toggle("more", target.scrollLeft + target.clientWidth < target.scrollWidth - 1);
  };
  const wide = ["pre", "div.math", ".pst-scrollable-table-container"];
  each(wide.map((kind) => `.bd-article ${kind}`).join(), (node) => {
    reach.observe(node);
    node.addEventListener("scroll", fade, { passive: true });
  });

  // modules, and Python in the page with them, need a server
  if (location.protocol === "file:" && document.querySelector("script[data-runtime]")) {
    each(".exercise .tag_starter > .cell_input", (node) => {
      node.insertAdjacentHTML("afterend", "<p class=\"run-bar\">To do this exercise here, run <code>python -m http.server</code> in the folder of the site and open <code>localhost:8000</code>.</p>");
    });
  }

  // the list of chapters shows where one is
  const here = document.querySelector(".chapters [aria-current]");
  const list = here?.closest(".sidebar-primary-item");
  if (list) list.scrollTop = Math.max(0, here.offsetTop - list.offsetTop - list.clientHeight / 3);
});
