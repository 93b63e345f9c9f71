"""Finding and using a live figure in the browser."""

import base64
import html
import json
import re

import numpy as np
from playwright.sync_api import expect
from served import SITE

from weighted_sums.blocks import Block, Norm
from weighted_sums.heads import Attention
from weighted_sums.networks import Layer
from weighted_sums.transformer import Transformer

PAGES = {
    "neuron": "neurons/neurons",
    "template": "neurons/neurons",
    "digit": "neurons/networks",
    "bumps": "neurons/universality",
    "staircase": "gradient-descent/cost",
    "descent": "gradient-descent/descent",
    "minibatch": "gradient-descent/stochastic-descent",
    "race": "gradient-descent/adaptive-methods",
    "noise": "gradient-descent/what-it-learned",
    "chain-rule": "backpropagation/chain-rule",
    "backprop": "backpropagation/backprop",
    "autodiff": "backpropagation/autodiff",
    "saturated": "backpropagation/cross-entropy",
    "convolution": "backpropagation/convnets",
    "bpe": "transformers/language-models",
    "softmax": "transformers/embeddings",
    "head": "transformers/attention",
    "rope": "transformers/positions",
    "attention": "transformers/trained-heads",
    "counter": "transformers/transformer",
    "journey": "transformers/transformer",
    "gpt": "transformers/training-gpt",
}
FIGURES = sorted(PAGES)
SLEEP_AND_WAKE = """async ([name, query]) => {
    const figure = `figure:has(script[data-interactive="${name}"])`;
    if (!window.asleep) {
        const text = await (await fetch(location.pathname)).text();
        window.asleep = new DOMParser().parseFromString(text, "text/html").querySelector(figure);
    }
    for (let timer = setTimeout(() => {}); timer; timer--) clearTimeout(timer);  // it may play
    document.querySelector(figure).replaceWith(window.asleep.cloneNode(true));
    history.replaceState(null, "", query);
    const main = document.querySelector("script[src*='main.mjs']").src;
    window.wakings = (window.wakings ?? 0) + 1;
    await import(`${main}&waking=${window.wakings}`);
}"""
NONSENSE = ("NaN", "undefined", "no number", "[object")


def file_of(name):
    """The built page that holds a figure."""
    return SITE / "chapters" / f"{PAGES[name]}.html"


def script_of(name):
    """The attributes and the payload of a figure, as they stand in the built page."""
    text = file_of(name).read_text("utf-8")
    found = re.search(rf"<script([^>]*data-interactive=\"{name}\"[^>]*)>(.*?)</script>", text, re.S)
    attributes, text = html.unescape(found[1]), found[2]
    if apart := re.search(r'data-payload="([^"]*)"', attributes):
        text = (file_of(name).parent / apart[1]).resolve().read_text("utf-8")
    return attributes, json.loads(text)


def payload_of(name):
    """The payload of a figure."""
    return script_of(name)[1]


def data_of(name):
    """The bytes that a figure fetches on request."""
    (src,) = re.findall(r'data-src="([^"]*)"', script_of(name)[0])
    return (file_of(name).parent / src).resolve().read_bytes()


def unpacked(part, data=None):
    """An array of a payload, or a tree of them, as Python packed it."""
    if isinstance(part, list):
        return [unpacked(item, data) for item in part]
    if "dtype" not in part:
        return {key: unpacked(item, data) for key, item in part.items()}
    size = int(np.prod(part["shape"]))
    raw = data if data is not None else base64.b64decode(part["base64"])
    kind = np.dtype(part["dtype"]).newbyteorder("<")
    values = np.frombuffer(raw, kind, count=size, offset=part.get("offset", 0))
    return values.reshape(part["shape"]).astype(np.float64)


def transformer_of(tree, data):
    """The model that a page carries, in the package's own form."""
    parts = unpacked(tree, data)
    blocks = [
        Block(Norm(**b["norm_1"]), Attention(**b["attention"]), Norm(**b["norm_2"]),
              Layer(**b["up"]), Layer(**b["down"]))
        for b in parts["blocks"]
    ]  # fmt: skip
    return Transformer(**{**parts, "blocks": blocks, "norm": Norm(**parts["norm"])})


def at(page, name):
    """The figure on an open page."""
    return page.locator(f"figure:has(script[data-interactive='{name}'])")


def opened(page, base, name, *, whole=False, motion=False, **state):
    """Open a figure at a state and wait until it is awake.

    It is alone on a bare page, which loads in a fraction of the time, or on the whole one. Unless
    `motion` is tested, the reader has asked for less of it, and every state is there at once.
    """
    page.emulate_media(reduced_motion="no-preference" if motion else "reduce")
    kind = ".html?" if whole else f".bare-{name}.html?"
    page.goto(f"{base}chapters/{PAGES[name]}{kind}{asked(name, state)}", wait_until="load")
    return awake(page, name)


def awake(page, name):
    """The figure on an open page, as soon as it is live."""
    figure = at(page, name)
    figure.scroll_into_view_if_needed()
    figure.locator(".ws-live").wait_for()
    return figure


def settled(figure):
    """The figure when its model, if it has one, has come: no words change but by a reader."""
    expect(figure.get_by_role("button", name="Load")).to_have_count(0)
    return figure


def asked(name, state):
    """The query of an address that sets a state."""
    return "&".join(f"{name}.{key}={value}" for key, value in state.items())


def again(page, name, **state):
    """Put a figure to sleep and wake it at another address, without loading its page again."""
    page.evaluate(SLEEP_AND_WAKE, [name, f"?{asked(name, state)}"])
    return awake(page, name)


def words(figure):
    """What the figure says of its state."""
    return figure.locator(".ws-words").inner_text()


def slide(figure, label, value):
    """Type an exact number into the box beside a slider."""
    box = figure.get_by_label(f"{label}, exactly", exact=True)
    box.fill(str(value))
    box.press("Enter")


def press(figure, label):
    """Press a button of the figure."""
    figure.get_by_role("button", name=label, exact=True).click()


def nonsense(figure):
    """Words that no reader should meet, anywhere in the live figure."""
    text = figure.locator(".ws-live").evaluate("node => node.textContent")
    return [word for word in NONSENSE if word in text]
