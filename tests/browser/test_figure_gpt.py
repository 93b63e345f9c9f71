"""The tiny GPT in the page: Python's logits, text that comes again, and a server that fails."""

import base64

import numpy as np
import pytest
from interactives import (
    PAGES,
    awake,
    data_of,
    nonsense,
    opened,
    payload_of,
    press,
    slide,
    transformer_of,
    unpacked,
    words,
)
from playwright.sync_api import expect
from served import SITE

from weighted_sums import generation, transformer
from weighted_sums.tokens import BPETokenizer

MEGABYTE = 1_000_000
LOGITS = """async ([folder, payload, bytes, tokens]) => {
    const {unpackTree} = await import(folder + "kit/unpack.mjs");
    const {forward} = await import(folder + "core/transformer.mjs");
    const model = unpackTree(payload, Uint8Array.from(atob(bytes), c => c.charCodeAt(0)).buffer);
    return forward(tokens, model).logits.map(row => [...row]);
}"""


@pytest.fixture(scope="module")
def payload():
    return payload_of("gpt")


@pytest.fixture(scope="module")
def model(payload):
    return transformer_of(payload["model"], data_of("gpt"))


@pytest.fixture(scope="module")
def byte_pairs(payload):
    return BPETokenizer(tuple(map(tuple, payload["merges"])))


def loaded(page, base, **state):
    figure = opened(page, base, "gpt", **state)
    expect(figure.locator(".ws-words")).to_contain_text("Next:")
    return figure


def written(figure):
    """The text in the figure."""
    return figure.locator(".ws-gpt-text").text_content()


def test_the_model_is_fetched_when_the_figure_is_seen_and_is_small(page, base):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1280, "height": 120})  # the figure is below this window
    page.goto(f"{base}chapters/{PAGES['gpt']}.html", wait_until="networkidle")
    assert not [url for url in asked if url.endswith(".bin")]
    page.set_viewport_size({"width": 1280, "height": 900})
    figure = awake(page, "gpt")
    expect(figure.locator(".ws-words")).to_contain_text("Next:")
    assert [url for url in asked if url.endswith(".bin")]
    assert len(data_of("gpt")) <= MEGABYTE


def test_the_logits_are_pythons(page, base, payload, model):
    page.goto(base + "search.html")
    tokens = np.random.default_rng(0).integers(payload["vocab_size"], size=48)
    (modules,) = (SITE / "_static").glob("interactive-*")
    folder = f"{base}_static/{modules.name}/"
    raw = base64.b64encode(data_of("gpt")).decode()
    found = np.array(page.evaluate(LOGITS, [folder, payload["model"], raw, tokens.tolist()]))
    np.testing.assert_allclose(found, transformer.logits(model, tokens), atol=1e-3)
    asked = payload["witness"]["tokens"]  # what the chapter itself computed, in single precision
    found = page.evaluate(LOGITS, [folder, payload["model"], raw, asked])[-1]
    np.testing.assert_allclose(found, unpacked(payload["witness"]["logits"]), atol=1e-3)


def test_at_zero_it_writes_what_python_writes(page, base, payload, model, byte_pairs):
    figure = loaded(page, base, temperature=0, count=60)
    prompt = byte_pairs.encode(payload["start"]["prompt"])
    rng = np.random.default_rng(0)
    text = byte_pairs.decode([*prompt, *generation.generate(model, prompt, 60, rng, 0.0)])
    assert written(figure) == text
    figure.get_by_label("show spaces and line ends").check()
    assert written(figure) == text.replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥")


def test_a_seed_writes_the_same_text_again_and_another_seed_another(page, base):
    first = written(loaded(page, base, count=30, temperature=1, seed=5))
    assert written(loaded(page, base, count=30, temperature=1, seed=5)) == first
    assert written(loaded(page, base, count=30, temperature=1, seed=6)) != first


def test_one_token_at_a_time_and_by_play(page, base):
    figure = loaded(page, base, motion=True, count=5)
    tokens = figure.locator(".ws-gpt-text span")
    before = tokens.count()
    press(figure, "Write a token")
    expect(tokens).to_have_count(before + 1)
    press(figure, "Play")
    page.wait_for_function(
        "n => document.querySelectorAll('.ws-gpt-text span').length > n", arg=before + 3
    )
    press(figure, "Pause")


def test_again_writes_another_text_from_the_same_prompt(page, base):
    figure = loaded(page, base, count=300)
    first = written(figure)
    press(figure, "Again")
    assert written(figure) != first
    assert written(figure)[:20] == first[:20]


def test_a_pressed_token_shows_its_own_attention(page, base):
    figure = loaded(page, base, count=20)
    tokens = figure.locator(".ws-gpt-text span")
    tokens.nth(3).click()
    assert figure.locator(".ws-query").text_content() == tokens.nth(3).text_content()
    weights = tokens.evaluate_all(
        "spans => spans.map(s => Number(s.style.getPropertyValue('--weight')))"
    )
    assert abs(sum(weights[:4]) - 1) < 1e-6 and sum(weights[4:]) == 0


def test_keys_choose_the_token_too(page, base):
    figure = loaded(page, base, count=20)
    figure.locator(".ws-gpt-text").focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    tokens = figure.locator(".ws-gpt-text span")
    query = figure.locator(".ws-query").get_attribute("data-token")
    assert int(query) == tokens.count() - 1


def test_the_figure_is_as_high_before_the_model_comes(page, base):
    page.route("**/payloads/*.bin", lambda route: None)  # it never comes
    waiting = opened(page, base, "gpt").locator(".ws-stage").bounding_box()["height"]
    page.unroute("**/payloads/*.bin")
    assert waiting == loaded(page, base).locator(".ws-stage").bounding_box()["height"]


def test_the_text_keeps_its_height(page, base):
    heights = {
        loaded(page, base, count=n).locator(".ws-live").bounding_box()["height"] for n in (0, 200)
    }
    assert len(heights) == 1


def test_top_one_leaves_one_token(page, base):
    figure = loaded(page, base, temperature=2, top_k=1)
    assert "(100 %)" in words(figure)
    slide(figure, "top-k", 2)
    assert ", then “" in words(figure)


@pytest.mark.parametrize(
    "state", [{"temperature": 0}, {"temperature": 100}, {"prompt": ""}, {"prompt": "猫🍰é" * 20}]
)
def test_absurd_settings_still_write(page, base, state):
    figure = loaded(page, base, count=50, **state)
    assert figure.locator(".ws-gpt-text span").count() > 50
    assert nonsense(figure) == []


def test_the_attention_adds_up_to_one(page, base):
    figure = loaded(page, base, count=60, head="1.3")
    weights = figure.locator(".ws-gpt-text span").evaluate_all(
        "spans => spans.map(s => Number(s.style.getPropertyValue('--weight')))"
    )
    assert abs(sum(weights) - 1) < 1e-6
    assert weights[0] == 0  # the window has moved on: the first tokens are not seen any more


def test_a_server_that_fails_can_be_asked_again(page, base):
    page.route("**/payloads/*.bin", lambda route: route.fulfill(status=500, body="no"))
    figure = opened(page, base, "gpt")
    expect(figure.locator(".ws-words")).to_contain_text("could not be fetched")
    page.unroute("**/payloads/*.bin")
    figure.get_by_role("button", name="Load the model").click()
    expect(figure.locator(".ws-words")).to_contain_text("Next:")
