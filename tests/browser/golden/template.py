"""Paint a template: its cells as text, its weights, its weighted sums and their quantiles."""

import numpy as np

from golden import case
from weighted_sums import neurons, templates

GRID = (14, 14)
# the positive cells first, then the negative one; the state before the first, too
PAINTED = ([0], [1], [1, 0, 0, 1])


def as_text(signs):
    return templates.signs_as_text(np.array(signs))


def boards():
    rng = np.random.default_rng(0)
    bar = np.zeros(GRID, int)
    bar[3:6, 3:11], bar[4, 4:10] = -1, 1
    return [bar, rng.integers(-1, 2, GRID), np.ones(GRID, int), np.zeros(GRID, int), -abs(bar)]


def cases():
    rng = np.random.default_rng(1)
    images, values = rng.random((6, 196)), rng.normal(size=11)
    line = [[2, 1], [3, 2], [3, 3], [4, 4], [4, 5], [5, 6]]
    return {
        "readCells": [case(as_text(b), b.ravel()) for b in boards()],
        "writeCells": [case(b.ravel(), as_text(b)) for b in boards()],
        "nonsense": [case("?é!", np.zeros(196))],
        "templateOf": [case(b.ravel(), templates.template(b).ravel()) for b in boards()],
        "sumsOf": [
            case(
                {"images": images, "signs": b.ravel()},
                neurons.weighted_sum(images, templates.template(b).ravel(), 0.0),
            )
            for b in boards()
        ],
        "quantile": [
            case({"values": values[:n], "q": q}, np.quantile(values[:n], q))
            for n in (1, 2, 11)
            for q in (0, 0.1, 0.5, 0.9, 1)
        ],
        "cellsBetween": [
            case([[2, 1], [5, 6]], line),
            case([[4, 4], [4, 4]], [[4, 4], [4, 4]]),
            case([[0, 2], [0, 0]], [[0, 2], [0, 1], [0, 0]]),
        ],
        "painting": [case(as_text([1, -1, 0, 1]), [as_text(signs) for signs in PAINTED])],
    }
