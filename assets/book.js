// Small repairs of the theme, so that keyboard and screen-reader users meet no dead end.
document.addEventListener("DOMContentLoaded", () => {
  const each = (selector, repair) => document.querySelectorAll(selector).forEach(repair);

  // a visible name must be part of the spoken one
  each("button[aria-label], details.hide summary[aria-label]", (node) => {
    if (node.textContent.trim()) node.removeAttribute("aria-label");
  });
  each(".theme-switch-button", (node) => {
    node.setAttribute("aria-label", "Color mode: Light, Dark, System Settings");
  });
  each(".bd-sidebar-primary summary", (node) => {
    const name = node.parentElement.parentElement.querySelector("a")?.textContent.trim() ?? "section";
    node.setAttribute("aria-label", `Toggle ${name}`);
  });

  // roles that the standard has dropped
  each("[role=doc-biblioentry]", (node) => node.setAttribute("role", "listitem"));

  // two landmarks of one kind need names to tell them apart
  const logo = document.querySelector(".sidebar-primary-items__start .navbar-brand.logo");
  if (logo?.parentElement) {
    logo.parentElement.setAttribute("role", "navigation");
    logo.parentElement.setAttribute("aria-label", "Book");
  }

  // what scrolls sideways, at this width, must be reachable by keyboard; asked when it is drawn
  const reach = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  const wide = ["pre", "div.math", ".pst-scrollable-table-container"];
  each(wide.map((kind) => `.bd-article ${kind}`).join(), (node) => reach.observe(node));

  // the theme's script takes a table of contents for granted
  if (!document.querySelector("div.bd-sidebar-secondary")) {
    const contents = document.createElement("div");
    contents.className = "bd-sidebar-secondary";
    contents.hidden = true;
    contents.style.display = "none";
    document.body.append(contents);
  }
});
