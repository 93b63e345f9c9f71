"""Answers to the exercises on what a network has learned."""

import numpy as np

from banks import Bank
from weighted_sums import analysis, backprop, data, descent, minibatches, networks, training


def unit_rows(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cosines(templates, edges):
    return unit_rows(templates) @ unit_rows(edges).T


def best(products):
    return np.square(products).max(axis=1)


def centred(rows):
    return rows - rows.mean(axis=1, keepdims=True)


def edge_fraction_by_residuals(templates, edges):
    found = []
    for w in templates:
        left = [np.square(w - (w @ e) / (e @ e) * e).sum() for e in edges]
        found.append(1 - min(left) / np.square(w).sum())
    return found


def edge_fraction_by_einsum(templates, edges):
    lengths = np.einsum("tp,tp->t", templates, templates), np.einsum("ep,ep->e", edges, edges)
    fits = np.einsum("tp,ep->te", templates, edges) ** 2 / lengths[1]
    return (fits / lengths[0][:, None]).max(axis=-1).astype(np.float32)


def forget(network, images, bias=False):
    first, *others = network
    W = np.where(images.any(axis=0), first.W, 0)
    return [networks.Layer(W, 0 * first.b if bias else first.b), *others]


def forget_by_loops(network, images):
    W = network[0].W.copy()
    for pixel in range(images.shape[1]):
        if images[:, pixel].max() == 0:
            W[:, pixel] = 0
    return [(W, network[0].b), *network[1:]]


def forget_by_a_mask(network, images):
    seen = np.diag((images.sum(axis=0) > 0).astype(float))
    return (networks.Layer(network[0].W @ seen, network[0].b), *network[1:])


def forget_in_place(network, images):
    network[0].W[:, (images == 0).all(axis=0)] = 0
    return network


def centres(images):
    grid = images.reshape(-1, 28, 28).astype(float)
    ink = grid.sum(axis=(1, 2))
    rows = (grid.sum(axis=2) @ np.arange(28)) / np.where(ink > 0, ink, 1)
    columns = (grid.sum(axis=1) @ np.arange(28)) / np.where(ink > 0, ink, 1)
    return np.where(ink > 0, rows, 14), np.where(ink > 0, columns, 14)


def centre(images, swap=False, sign=1, middle=14, whole=np.rint):
    rows, columns = (sign * whole(middle - position) for position in centres(images))
    if swap:
        rows, columns = columns, rows
    moves = zip(images, columns.astype(int), rows.astype(int), strict=True)
    return np.array([analysis.shift(image[None], dx, dy)[0] for image, dx, dy in moves])


def centre_by_rolling(images):
    found = []
    for image, row, column in zip(images, *centres(images), strict=True):
        by = round(14 - row), round(14 - column)
        found.append(np.roll(image.reshape(28, 28), by, axis=(0, 1)).ravel())
    return found


def centre_by_padding(images):
    found = []
    for image, row, column in zip(images, *centres(images), strict=True):
        up, left = 14 + round(row - 14), 14 + round(column - 14)
        wide = np.pad(image.reshape(28, 28), 14)
        found.append(wide[up : up + 28, left : left + 28].ravel())
    return np.array(found, dtype=np.float64)


def centre_of_the_frame(images):
    """Move the middle of the rows and columns that hold ink, not the mean of the ink."""
    found = []
    for image in images:
        rows, columns = np.nonzero(image.reshape(28, 28))
        middle = [round(14 - (at.min() + at.max()) / 2) if len(at) else 0 for at in (columns, rows)]
        found.append(analysis.shift(image[None], *middle)[0])
    return np.array(found)


def one_dot(images):
    found = np.zeros_like(images)
    found[images.any(axis=1), 28 * 14 + 14] = 1
    return found


def divide_by_zero(images):
    ink = images.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.where(ink > 0, centre(images), images / ink)


def memorise(digits, rng, epochs=10, learning_rate=0.5, sizes=(784, 16, 16, 10)):
    batches = minibatches.Minibatches(digits.images, data.one_hot(digits.labels), batch_size=10)
    return training.train(
        networks.init_network(sizes, rng),
        backprop.cost_and_gradient,
        batches,
        optimizer=descent.GradientDescent(learning_rate),
        epochs=epochs,
        rng=rng,
    )


def memorise_by_least_squares(digits, rng):
    """Keep a random hidden layer, and solve for the weights of the output layer."""
    hidden = networks.Layer(rng.normal(size=(300, 784)) / 10, rng.normal(size=300))
    a = networks.feedforward([hidden], digits.images)
    W = np.linalg.lstsq(a, 8 * data.one_hot(digits.labels) - 4, rcond=None)[0].T
    return [hidden, networks.Layer(W, np.zeros(10))]


def memorise_by_neighbours(digits, rng):
    """A neuron for each image, on for that image alone: it is the nearest to itself."""
    x = digits.images.astype(float)
    overlaps = x @ x.T
    edge = (np.diag(overlaps) + (overlaps - 1e9 * np.eye(len(x))).max(axis=1)) / 2
    hidden = networks.Layer(50 * x, -50 * edge)
    return [hidden, networks.Layer(data.one_hot(digits.labels).T.astype(float), np.zeros(10))]


def always(digit):
    layer = networks.Layer(np.zeros((10, 784)), np.eye(10)[digit])
    return lambda digits, rng: [layer]


BANK = {
    "roughness": Bank(
        wrong={
            "no factor two": ((1.8, 3.2), "divide by twice the variance"),
            "swapped": ((1.6, 0.9), "swap the two"),
            "sums": ((4.5, 8.0), "divide the squared differences by their number"),
            "six pairs": ((3 / 4, 4 / 3), "pairs of neighbours, not six"),
            "no variance": ((0.4, 0.8), "those are the mean squared differences"),
            "a slip in the second": ((0.9, 1.2), "row 2 is not right"),
            "one number": (0.9, "expected 2 numbers, found shape ()"),
        },
        unusual={
            "a list": [9 / 10, 8 / 5],
            "computed": np.array([0.4 / (4 / 9), 0.8 / 0.5]),
        },
    ),
    "edge_fraction": Bank(
        wrong={
            "large templates win": (lambda w, e: best(w @ unit_rows(e).T), "templates are doubled"),
            "large edges win": (lambda w, e: best(unit_rows(w) @ e.T), "edges are tripled"),
            "divided once": (
                lambda w, e: (w @ e.T / (w**2).sum(axis=1)[:, None]).max(axis=1) ** 2,
                "when all templates are doubled it is",
            ),
            "not squared": (lambda w, e: abs(cosines(w, e)).max(axis=1), "is the *square*"),
            "one sign": (lambda w, e: best(cosines(w, e).clip(0)), "minus an edge, which is"),
            "the mean": (lambda w, e: (cosines(w, e) ** 2).mean(axis=1), "should score 1"),
            "of each edge": (lambda w, e: best(cosines(e, w)), "(7,), should be (5,)"),
            "means subtracted": (
                lambda w, e: best(cosines(centred(w), centred(e))),
                "do not subtract the means",
            ),
            "what is left over": (
                lambda w, e: 1 - best(cosines(w, e)),
                "an edge itself should score 1; it scores",
            ),
            "which edge": (lambda w, e: abs(cosines(w, e)).argmax(axis=1), "should score 1"),
            "all products": (lambda w, e: cosines(w, e) ** 2, "the shape is (5, 7)"),
            "columns scaled": (
                lambda w, e: best((w / np.linalg.norm(w, axis=0)) @ unit_rows(e).T),
                "should score 1",
            ),
            "no return": (lambda w, e: None, "forget `return`"),
        },
        unusual={
            "the plain way": lambda w, e: best(cosines(w, e)),
            "what is left over, a list": edge_fraction_by_residuals,
            "einsum, float32": edge_fraction_by_einsum,
            "by loops": lambda w, e: [max((a @ b) ** 2 / (a @ a) / (b @ b) for b in e) for a in w],
        },
    ),
    "forget": Bank(
        wrong={
            "all weights": (lambda n, x: forget(n, 0 * x), "changed the weights of pixel 0"),
            "black in one image": (lambda n, x: forget(n, x[:1]), "of 8 images"),
            "nearly black": (lambda n, x: forget(n, x > 0.1), "pixel 5, lit in 1 of 8 images"),
            "black somewhere": (
                lambda n, x: forget(n, x * (x > 0).all(axis=0)),
                "you changed the weights of pixel",
            ),
            "nothing forgotten": (lambda n, x: n, "the weights of pixel 2 are not all 0"),
            "turned round": (
                lambda n, x: forget(n, 1.0 * ~x.any(axis=0, keepdims=True)),
                "you changed the weights of pixel 0",
            ),
            "the bias too": (lambda n, x: forget(n, x, bias=True), "biases and later layers"),
            "the last layer too": (
                lambda n, x: [*forget(n, x)[:-1], networks.Layer(0 * n[-1].W, n[-1].b)],
                "biases and later layers",
            ),
            "in place": (forget_in_place, "you changed the network you were given"),
            "pixels removed": (
                lambda n, x: [networks.Layer(n[0].W[:, x.any(axis=0)], n[0].b), *n[1:]],
                "layer 1 should keep its shapes (4, 9), (4,)",
            ),
            "one layer": (lambda n, x: forget(n, x)[:1], "return a network of 2 layers"),
            "the weights alone": (lambda n, x: forget(n, x)[0].W, "return a network of 2"),
            "no return": (lambda n, x: None, "forget `return`"),
        },
        unusual={
            "where": forget,
            "loops and pairs": forget_by_loops,
            "a product with a mask, a tuple": forget_by_a_mask,
        },
    ),
    "centre": Bank(
        wrong={
            "not centred": (lambda images: images, "more than half a pixel from 14, where it was"),
            "swapped": (lambda images: centre(images, swap=True), "you swapped rows and columns"),
            "the wrong way": (lambda images: centre(images, sign=-1), "moved it the wrong way"),
            "to thirteen": (lambda images: centre(images, middle=13), "one pixel too far up"),
            "to thirteen and a half": (
                lambda images: centre(images, middle=13.5),
                "half a pixel from 14",
            ),
            "cut off": (
                lambda images: centre(images, whole=np.fix),
                "round the distance, do not cut it off",
            ),
            "the middle of the frame": (centre_of_the_frame, "the centre of ink is at row"),
            "by the first image": (
                lambda images: analysis.shift(
                    images, *(round(14 - at[0]) for at in reversed(centres(images)))
                ),
                "image 1, moved by 0 to the right",
            ),
            "a dot in the middle": (one_dot, "not the same image"),
            "brighter": (lambda images: centre(images) * 0.5, "not the same image"),
            "blank divided by zero": (divide_by_zero, "for an image without ink"),
            "grids": (
                lambda images: centre(images).reshape(-1, 28, 28),
                ", 28, 28), should be (",
            ),
            "one image": (lambda images: centre(images)[0], "the shape is (784,)"),
            "no return": (lambda images: None, "forget `return`"),
        },
        unusual={
            "all centres at once": centre,
            "rolled, a list": centre_by_rolling,
            "cut from a wide frame, float64": centre_by_padding,
        },
    ),
    "vote": Bank(
        wrong={
            "the first": (lambda o: o[0].argmax(axis=1), "the first network alone"),
            "a majority": (
                lambda o: np.array([np.bincount(v).argmax() for v in o.argmax(axis=2).T]),
                "each network has one vote here",
            ),
            "the largest of all": (lambda o: o.max(axis=0).argmax(axis=1), "of any network"),
            "a product": (lambda o: o.prod(axis=0).argmax(axis=1), "that multiplies the outputs"),
            "mean predictions": (lambda o: o.argmax(axis=2).mean(axis=0), "are no digits"),
            "the mean itself": (lambda o: o.mean(axis=0).max(axis=1), "which is the largest?"),
            "all outputs": (lambda o: o.mean(axis=0), "the shape is (40, 10)"),
            "no return": (lambda o: None, "forget `return`"),
        },
        unusual={
            "a sum": lambda o: o.sum(axis=0).argmax(axis=-1),
            "lists": lambda o: [max(range(len(m)), key=m.__getitem__) for m in o.mean(0).tolist()],
            "by einsum": lambda o: np.einsum("nij->ij", o).argsort(axis=1)[:, -1],
        },
    ),
    "memorise": Bank(
        wrong={
            "too short": (lambda d, rng: memorise(d, rng, epochs=10), "train for longer"),
            "tiny rate": (
                lambda d, rng: memorise(d, rng, learning_rate=0.01, epochs=2),
                "fewer than 95",
            ),
            "true labels": (
                lambda d, rng: memorise_by_least_squares(data.load_digits().train[:100], rng),
                "the true ones instead",
            ),
            "other digits": (
                lambda d, rng: memorise_by_least_squares(data.load_digits().train[100:200], rng),
                "per cent of the labels it was given, fewer",
            ),
            "one label": (always(7), "it gives 7 for every image"),
            "two layers that do not fit": (
                lambda d, rng: [networks.Layer(np.eye(3), np.zeros(3))],
                "expected a network",
            ),
            "predictions": (lambda d, rng: d.labels, "expected a network"),
            "an accuracy": (lambda d, rng: 1.0, "expected a network, a list of Layers"),
            "crash": (lambda d, rng: d.pictures, "stops with AttributeError"),
            "no return": (lambda d, rng: None, "forget `return`"),
        },
        unusual={
            "longer, one hidden layer": lambda d, rng: memorise(
                d, rng, 40, 3.0, sizes=(784, 30, 10)
            ),
            "least squares": memorise_by_least_squares,
            "a neuron for each image": memorise_by_neighbours,
        },
    ),
}
