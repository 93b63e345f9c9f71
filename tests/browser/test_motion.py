"""Figures move: from state to state, on arrival, while they play; and not for those who mind."""

import pytest
from interactives import at, awake, opened, press, slide, words

FRAME = 20  # milliseconds
CURVE = "figure.querySelector('.ws-stage polyline[stroke-width=\"2.5\"]').getAttribute('points')"
DOTS = "figure.querySelectorAll('.ws-stage circle').length"
BARS = "[...figure.querySelectorAll('.ws-bar')].map(b => b.style.width).join()"
HIGH = """() => document.querySelector("figure .ws-stage").getBoundingClientRect().height"""


@pytest.fixture
def clocked(fresh):
    """A page whose time passes only when the test lets it pass."""
    fresh.clock.install(time=0)
    return fresh


def still(page, base, name, **state):
    """Open a figure that may move, and stop its time."""
    figure = opened(page, base, name, **state)
    page.clock.pause_at(3_600_000)
    return figure


def moments(figure, script, ms):
    """What a script finds in the drawing while some time passes, without repeats."""
    found = []
    for _ in range(0, ms, FRAME):
        figure.page.clock.run_for(FRAME)
        now = figure.evaluate(f"figure => {script}")
        if found[-1:] != [now]:
            found.append(now)
    return found


def test_a_preset_glides_and_its_sentence_is_there_at_once(clocked, base):
    figure = still(clocked, base, "neuron", motion=True, w=3)
    before = figure.evaluate(f"figure => {CURVE}")
    press(figure, "nearly a step")
    told = words(figure)
    found = moments(figure, CURVE, 400)
    assert found[0] == before and 8 < len(found) < 16  # 240 ms of 20 ms each, then at rest
    assert len(set(found)) == len(found)  # on its way it passes no state twice
    assert words(figure) == told


def test_bars_glide_between_prompts(clocked, base):
    figure = still(clocked, base, "softmax", motion=True, temperature=1)
    figure.get_by_label("Once upon a time").check()
    assert 8 < len(moments(figure, BARS, 400)) < 16


def test_a_slider_is_followed_at_once(clocked, base):
    figure = still(clocked, base, "neuron", motion=True, w=3)
    before = figure.evaluate(f"figure => {CURVE}")
    figure.get_by_label("weight w", exact=True).fill("9")
    found = moments(figure, CURVE, 400)
    assert len(found) == 1 and found[0] != before


def test_without_motion_a_state_is_there_at_once(clocked, base):
    figure = still(clocked, base, "neuron", w=3)
    before = figure.evaluate(f"figure => {CURVE}")
    press(figure, "nearly a step")
    found = moments(figure, CURVE, 400)
    assert len(found) == 1 and found[0] != before


def test_on_arrival_a_path_is_walked_once(clocked, base):
    clocked.goto(f"{base}chapters/how-to-read.html")
    clocked.clock.pause_at(3_600_000)
    figure = opened(clocked, base, "descent", motion=True)
    told = words(figure)
    assert told.startswith("After 40 steps")
    found = moments(figure, DOTS, 3000)
    assert found[0] < 5 and found[-1] == 41 and found == sorted(found)
    assert words(figure) == told  # the state is what it was
    assert figure.locator(".ws-arriving").count() == 0
    assert "=" not in clocked.url
    assert figure.locator("[role=status]").inner_text() == ""


@pytest.mark.parametrize("asked", [{"motion": True, "x": -2}, {"motion": False}])
def test_no_arrival_for_a_state_in_the_address_or_without_motion(clocked, base, asked):
    clocked.goto(f"{base}chapters/how-to-read.html")
    clocked.clock.pause_at(3_600_000)
    assert moments(opened(clocked, base, "descent", **asked), DOTS, 600) == [41]


def test_a_touch_ends_the_arrival(clocked, base):
    clocked.goto(f"{base}chapters/how-to-read.html")
    clocked.clock.pause_at(3_600_000)
    figure = opened(clocked, base, "descent", motion=True)
    assert moments(figure, DOTS, 600)[-1] < 20
    # the sentence tells where the path ends: it waits for that
    shown = "e => getComputedStyle(e).opacity"
    assert figure.locator(".ws-words").evaluate(shown) == "0"
    figure.locator(".ws-words").click()
    assert moments(figure, DOTS, 600) == [41]
    assert figure.locator(".ws-arriving").count() == 0


def test_a_link_in_the_text_ends_the_arrival(clocked, base):
    clocked.goto(f"{base}chapters/how-to-read.html")
    clocked.clock.pause_at(3_600_000)
    figure = opened(clocked, base, "descent", whole=True, motion=True)
    assert moments(figure, DOTS, 600)[-1] < 20
    assert figure.locator(".ws-arriving").count() == 1
    link = clocked.locator("article a[href*='descent.']:not(figure a)").first
    link.evaluate("link => link.click()")
    assert figure.locator(".ws-arriving").count() == 0


def test_a_preset_plays_and_is_lit(clocked, base):
    figure = still(clocked, base, "descent", motion=True, x=-2)
    lit = figure.locator(".ws-presets [aria-pressed=true]")
    assert lit.count() == 0
    press(figure, "bounce")
    assert lit.inner_text() == "bounce"
    back = moments(figure, DOTS, 260)  # the last path is taken back
    assert back == sorted(back, reverse=True)
    found = moments(figure, DOTS, 1200)
    assert 10 < found[-1] < 30 and found == sorted(found)
    assert figure.get_by_role("button", name="Pause").is_visible()
    moments(figure, DOTS, 3000)
    assert figure.get_by_role("button", name="Again").is_visible()
    assert words(figure).startswith("After 40 steps with η = 0.8")
    assert lit.inner_text() == "bounce"
    slide(figure, "learning rate η", 0.3)
    assert lit.count() == 0


def test_a_film_is_told_to_a_screen_reader_where_it_ends(clocked, base):
    figure = still(clocked, base, "bpe", motion=True, merges=0)
    spoken = figure.locator("[role=status]")
    press(figure, "Play")
    clocked.clock.run_for(3000)
    seen = words(figure)
    assert spoken.inner_text() == ""
    press(figure, "Pause")
    clocked.clock.run_for(1000)
    assert spoken.inner_text() == words(figure) != ""
    assert seen.split()[:2] != ["After", "0"]
    press(figure, "Play")
    clocked.clock.run_for(60_000)
    assert figure.get_by_role("button", name="Again", exact=True).is_visible()
    assert spoken.inner_text() == words(figure)


def test_play_pauses_and_goes_on_from_there(clocked, base):
    figure = still(clocked, base, "saturated", motion=True, step=0)
    press(figure, "Play")
    assert len(moments(figure, CURVE, 500)) > 10
    press(figure, "Pause")
    told = words(figure)
    assert 4 <= int(told.split()[1]) <= 12
    assert len(moments(figure, CURVE, 500)) == 1
    press(figure, "Step")
    assert words(figure) != told
    press(figure, "Play")
    moments(figure, CURVE, 6000)
    assert words(figure).startswith("After 100 steps")


def test_the_plot_sticks_while_the_controls_scroll(phone, base):
    figure = opened(phone, base, "saturated")
    figure.get_by_role("button", name="Reset").scroll_into_view_if_needed()
    stage = figure.locator(".ws-stage").bounding_box()
    assert 0 <= stage["y"] < 120
    assert stage["height"] <= 0.56 * phone.viewport_size["height"]


@pytest.mark.parametrize("name", ["descent", "attention", "gpt"])
def test_controls_stand_beside_the_plot_where_there_is_room(page, base, name):
    figure = opened(page, base, name, whole=True)
    plot, controls = (
        figure.locator(f".ws-{part}").bounding_box() for part in ("stage", "controls")
    )
    assert controls["x"] >= plot["x"] + plot["width"]
    assert abs(controls["y"] - plot["y"]) < 40


def test_figures_wake_without_moving_the_page_twice(page, base):
    figure = opened(page, base, "descent", whole=True)
    before = page.evaluate(HIGH)
    awake(page, "descent")
    at(page, "descent").locator(".ws-chip").first.click()
    assert page.evaluate(HIGH) == before
    assert figure.locator(".ws-live").count() == 1
