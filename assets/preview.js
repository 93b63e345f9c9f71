// What a link leads to, shown beside it under the mouse or the keyboard: a term, an equation, a
// source, a figure or a table. What stands on this page is copied from it; of other pages the build
// has written it into a script each, which a page opened from a folder can load as well.
document.addEventListener("DOMContentLoaded", () => {
  const KINDS = "dt[id^=term-], div.math, div.citation, figure, table, .pst-scrollable-table-container";
  const WAIT = 250; // ms that a mouse rests before it means the link
  const box = Object.assign(document.createElement("div"), { id: "preview", hidden: true });
  box.setAttribute("role", "tooltip");
  let shown = null;
  let timer = 0;

  const pages = (window.bookPreviews = {});
  const asked = {};
  /** The HTML of all that can be previewed on another page, by its anchors. */
  const others = (page) =>
    (asked[page] ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${document.documentElement.dataset.content_root}_static/previews/${page.replaceAll("/", "-")}.js`;
      script.onload = () => resolve(pages[page] ?? {});
      script.onerror = () => resolve({});
      document.head.append(script);
    }));

  /** The HTML of what is to be shown of an element of this page; "" where it is of no such kind. */
  function copied(anchor) {
    const found = document.getElementById(anchor);
    const whole = found?.closest(KINDS) ?? found?.querySelector(":scope > table");
    if (!whole) return "";
    return whole.matches("dt") ? whole.outerHTML + whole.nextElementSibling.outerHTML : whole.outerHTML;
  }

  async function htmlOf(link) {
    const url = new URL(link.href);
    const anchor = decodeURIComponent(url.hash.slice(1));
    if (url.pathname === location.pathname) return [copied(anchor), location.href];
    const root = new URL(document.documentElement.dataset.content_root, location.href).pathname;
    const page = decodeURIComponent(url.pathname.slice(root.length)).replace(/\.html$/, "");
    return [(await others(page))[anchor] ?? "", url.href];
  }

  /** The nodes of a preview: no second ids, no scripts, no links within, addresses of their page. */
  function nodesOf(html, address) {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    body.querySelectorAll("script, .headerlink, .ws-live, button").forEach((node) => node.remove());
    body.querySelectorAll("img").forEach((image) => {
      image.src = new URL(image.getAttribute("src"), address).href;
      image.removeAttribute("loading");
    });
    body.querySelectorAll("a").forEach((link) => link.replaceWith(...link.childNodes));
    body.querySelectorAll("[tabindex]").forEach((node) => node.removeAttribute("tabindex"));
    // a drawing of another page needs its ids; one of this page finds them in the original
    const ids = new URL(address).pathname === location.pathname ? "[id]" : "[id]:not(svg [id])";
    body.querySelectorAll(ids).forEach((node) => node.removeAttribute("id"));
    return [...body.childNodes];
  }

  function place(link) {
    const [spot] = link.getClientRects();
    const { offsetWidth: width, offsetHeight: height } = box;
    const left = Math.max(16, Math.min(spot.left, document.documentElement.clientWidth - width - 16));
    const below = spot.bottom + height + 8 < innerHeight || spot.top < height + 8;
    const top = below ? spot.bottom + 8 : spot.top - height - 8;
    box.style.translate = `${left + scrollX}px ${top + scrollY}px`;
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  }

  async function show(link) {
    const [html, address] = await htmlOf(link);
    if (!html || shown === link || !link.matches(":hover, :focus")) return;
    hide();
    box.replaceChildren(...nodesOf(html, address));
    box.hidden = false;
    shown = link;
    link.removeAttribute("title"); // the browser would show it as well
    link.setAttribute("aria-describedby", box.id);
    place(link);
  }

  const linkOf = ({ target }) => target.closest?.(".bd-article a.internal[href*='#'], .bd-article a.bibtex-citation, .bd-article .bibtex-citation a");
  const later = (act) => {
    clearTimeout(timer);
    timer = setTimeout(act, WAIT);
  };
  document.body.append(box);
  document.addEventListener("pointerover", (event) => {
    const link = linkOf(event);
    if (event.pointerType === "touch") return;
    if (box.contains(event.target)) clearTimeout(timer);
    else if (link && link === shown) {
      clearTimeout(timer);
      place(link); // the page may have been scrolled
    }
    else if (link) later(() => show(link));
    else later(hide); // time to reach the preview with the mouse
  });
  document.addEventListener("focusin", (event) => {
    const link = linkOf(event);
    if (link?.matches(":focus-visible")) show(link);
    else hide();
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
});
