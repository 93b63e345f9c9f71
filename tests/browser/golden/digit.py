"""Draw a digit: strokes, normalisation, and a network's forward pass."""

import numpy as np

from golden import case
from weighted_sums import drawing, networks
from weighted_sums.workshop.interactive import packed, packed_tree

SIDE = 40


def boards():
    rng = np.random.default_rng(0)
    stroke = np.zeros((SIDE, SIDE))
    stroke[5:33, 8:12] = 1
    stroke[30:33, 8:25] = 0.7
    corner = np.zeros((SIDE, SIDE))
    corner[0, 0] = 1
    return [stroke, corner, np.zeros((SIDE, SIDE)), np.ones((SIDE, SIDE)), rng.random((SIDE, SIDE))]


def network_cases(part):
    rng = np.random.default_rng(1)
    found = []
    for dtype in ("float32", "float16"):
        network = networks.init_network([11, 7, 5, 3], rng)
        if dtype == "float16":
            network = [networks.Layer(W.astype("f2"), b.astype("f2")) for W, b in network]
        x = rng.random(11)
        exact = [networks.Layer(W.astype(float), b.astype(float)) for W, b in network]
        given = {"x": x, "layers": packed_tree(network, dtype)}
        found.append(case(given, part(exact, x)))
    return found


def cases():
    with_mass = [board for board in boards() if board.any()]
    numbers = np.array([0.0, -0.0, 1, -1, 65504, 6e-8, -3.3e-5, 0.1, 1 / 3], "f2")
    return {
        "activations": network_cases(networks.activations),
        "affine": network_cases(lambda layers, x: networks.affine(x, *layers[0])),
        "argmax": [case([0.1, 0.7, 0.7], 1), case([-3.0, -2.0], 1)],
        "normaliseDrawing": [
            case({"board": b.ravel(), "side": SIDE}, drawing.normalise_drawing(b)) for b in boards()
        ],
        "centreOfMass": [
            case({"board": b.ravel(), "side": SIDE}, drawing.centre_of_mass(b)) for b in with_mass
        ],
        "strokes": [case("ABCD.EF", "ABCD.EF"), case("", ""), case("..A!B?..", "AB")],
        "points": [case("AB_-.BA", [[[0, 1], [63, 62]], [[1, 0]]]), case("A", [])],
        "undone": [case("AB.CD", "AB"), case("AB", ""), case("", "")],
        "drawing": [case("ABCD", ["AB", "ABCD"])],
        "brush": [case("gggh", [1, 0, 1]), case("", [0, 0, 0])],
        "unpack": [case(packed(numbers, "float16"), numbers.astype(float), 0)],
    }
