"""A formula that is wider than the window scrolls in its own box, by keyboard too."""

WIDEN = """() => {
    const box = [...document.querySelectorAll("div.math")].find(box => box.querySelector(".eqno"));
    const math = box.querySelector("math"), again = [...math.children];
    for (let n = 0; n < 6; n++) math.append(...again.map((part) => part.cloneNode(true)));
    box.scrollIntoView({ block: "center", behavior: "instant" });
    return box.id;
}"""


def test_a_wide_formula_scrolls_in_its_own_box(page, base):
    page.goto(base + "chapters/transformers/attention.html", wait_until="load")
    box = page.locator(f"#{page.evaluate(WIDEN)}")
    page.set_viewport_size({"width": 360, "height": 800})
    page.wait_for_function("box => box.tabIndex === 0", arg=box.element_handle())
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    first = box.locator("math > *").first.bounding_box()
    assert first["x"] >= box.bounding_box()["x"]
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())
    number = box.locator(".eqno").bounding_box()
    assert number["y"] > box.locator("math").bounding_box()["y"]


def test_formulas_are_drawn_with_the_books_font(page, base):
    page.goto(base + "chapters/notation.html", wait_until="load")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('1em Formulas'))")
    assert "Formulas" in page.locator("math").first.evaluate("m => getComputedStyle(m).fontFamily")


def test_a_formula_fades_where_more_of_it_lies_to_the_right(page, base):
    page.goto(base + "chapters/transformers/attention.html", wait_until="load")
    box = page.locator(f"#{page.evaluate(WIDEN)}")
    page.set_viewport_size({"width": 360, "height": 800})
    look = "box => getComputedStyle(box).maskImage"
    page.wait_for_function("box => box.classList.contains('more')", arg=box.element_handle())
    assert "gradient" in box.evaluate(look)
    box.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    page.wait_for_function("box => !box.classList.contains('more')", arg=box.element_handle())
    assert box.evaluate(look) == "none"
