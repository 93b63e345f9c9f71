"""What all figures use: fields, addresses, words, unpacking, ticks and colours."""

import numpy as np

from golden import case
from weighted_sums.networks import Layer
from weighted_sums.workshop.interactive import packed_tree

NETWORK = [Layer(np.arange(6, dtype="f4").reshape(2, 3), np.array([-1.5, 0.25], "f4"))]


def halves():
    bits = np.array([0, 1, 0x03FF, 0x0400, 0x3C00, 0x7BFF, 0x8001, 0xBC00, 0x3555], np.uint16)
    return case(bits, bits.view(np.float16).astype(float), 0)


def words():
    values = [0.0, -0.001, 1.005, -2.5, 1234.5, 1e7, -6.02e23]
    told = ["0.00", "0.00", "1.00", "−2.50", "1,234.50", "1.0 × 10⁷", "−6.0 × 10²³"]
    return [
        case({"values": values, "digits": 2}, told),
        case({"values": [12288, 175181291520], "digits": 0}, ["12,288", "175,181,291,520"]),
        case({"values": [-7, 3e22], "digits": 0}, ["−7", "3.0 × 10²²"]),
    ]


def reading():
    texts = ["3", "-99", "1e6", "", "x", "NaN", "2.6", "true", "b", "constructor", "abcd"]
    return [
        case({"kind": "number", "values": texts},
             [3, -10, 10, None, None, None, 2.6, None, None, None, None]),
        case({"kind": "integer", "values": texts},
             [3, 0, 9, None, None, None, 3, None, None, None, None]),
        case({"kind": "choice", "values": texts}, [None] * 8 + ["b", None, None]),
        case({"kind": "flag", "values": ["true", "0", "2", ""]}, [True, False, None, None]),
        case({"kind": "text", "values": ["", "abcd", "🍰🍰🍰🍰"]}, ["", "abc", "🍰🍰🍰"]),
    ]  # fmt: skip


def addresses():
    other = "?other.x=1"
    return [
        case({"state": {}, "search": ""}, ""),
        case({"state": {"number": 2.5, "flag": True}, "search": other},
             "?other.x=1&fig.number=2.5&fig.flag=1"),
        case({"state": {"text": "a&b"}, "search": "?fig.number=3"}, "?fig.text=a%26b"),
    ]  # fmt: skip


def motion():
    """Values between two states: numbers move, words do not."""
    t = np.linspace(0, 1, 11)
    states = {
        "from": {"number": 0, "integer": 2, "factor": 0.01, "smooth": 0, "choice": "a"},
        "to": {"number": 10, "integer": 5, "factor": 100, "smooth": 40, "choice": "b"},
    }
    half = {"number": 2.5, "integer": 3, "factor": 0.1, "smooth": 10, "choice": "b"}
    return {
        "ease": [case(t, t**2 * (3 - 2 * t))],
        "between": [
            case({"a": 2, "b": 8, "t": t, "log": False}, 2 + 6 * t),
            case({"a": 2, "b": 8, "t": t, "log": True}, np.geomspace(2, 8, 11)),
            case({"a": 0, "b": 8, "t": t, "log": True}, 8 * t),
        ],
        "mixed": [case({**states, "t": 0.25}, half), case({**states, "t": 1}, states["to"])],
        "blended": [
            case({"from": [0, 1], "to": [1, 0], "t": 0.25}, [0.25, 0.75]),
            case({"from": [0, 1, 2], "to": [1, 0], "t": 0.25}, [1, 0]),
            case({"from": None, "to": [3], "t": 0}, [3]),
        ],
    }  # fmt: skip


def cases():
    tree = packed_tree(NETWORK)
    short = packed_tree(NETWORK)
    short[0]["W"]["shape"] = [20, 3]
    asked = "?fig.number=4&fig.choice=z&fig.nothing=1&other.number=5"
    return {
        **motion(),
        "shown": words(),
        "beyond": [case(None, ["∞", "−∞", "1.0 × 10³⁰⁰"])],
        "percent": [case([0, 0.123, 1], ["0.0 %", "12.3 %", "100.0 %"])],
        "counted": [case([0, 1, 1200], ["0 steps", "1 step", "1,200 steps"])],
        "brief": [case([0.001, -0.25, 20, 1234.5], ["0.001", "−0.25", "20", "1230"])],
        "read": reading(),
        "readAddress": [
            case({"name": "fig", "search": asked}, {"number": 4}),
            case({"name": "fig", "search": ""}, {}),
        ],
        "address": addresses(),
        "statesOf": [
            # what a preset does not set is as at first; numbers are read and kept in their bounds
            case({"first": {}, "second": {"number": "99", "text": "abcd"}},
                 {"first": {"number": 1, "text": "a"}, "second": {"number": 10, "text": "abc"}}),
        ],
        "isSame": [
            case({"a": {"w": 1, "step": 0}, "b": {"w": 1, "step": 9}, "except": "step"}, True),
            case({"a": {"w": 1, "step": 0}, "b": {"w": 1, "step": 9}}, False),
            case({"a": {"w": 1}, "b": {"w": 2}, "except": "step"}, False),
        ],
        "uncompared": [
            case({"player": None, "patches": {"first": {"w": 1}}}, None),
            case({"player": {"field": "step", "auto": True}, "patches": {"a": {"step": 3}}},
                 "step"),
            case({"player": {"field": "step", "auto": False}, "patches": {"a": {}}}, "step"),
            case({"player": {"field": "step", "auto": False}, "patches": {"a": {"step": 3}}},
                 None),
        ],
        "half": [halves()],
        "unpackTree": [case(tree, [[2, 3], NETWORK[0].W.ravel(), NETWORK[0].b])],
        "cutShort": [case(short, "an array of shape 20,3 is cut short")],
        "ticks": [case([0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1]), case([-4, 4], [-4, -2, 0, 2, 4])],
        "colours": [
            case({"name": "gray", "values": [0, 1, 2]}, [[0] * 3, [255] * 3, [255] * 3]),
            case({"name": "weights", "values": [-1, 0, 5]},
                 [[179, 32, 44], [255, 255, 255], [22, 104, 176]]),
        ],
    }  # fmt: skip
