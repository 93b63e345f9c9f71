"""Damages files: bytes changed, lost or doubled, lengths and counts made extreme."""

import re
import time
import tracemalloc

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXTREMES = [0, 1, 2, 3, 7, 8, 255, 2**16 - 1, 2**31, 2**32 - 1, 2**40, 2**60, 2**63 - 1, 2**64 - 1]
WORDS = [b"0", b"-1", b"1e400", b"NaN", b"true", b"null", b'""', b"[]", b"{}", b"[0]", b'"F16"']
WORDS += [str(2**power).encode() for power in (31, 62, 63, 64, 200)]
TEXT = re.compile(rb'-?\d+|"[A-Za-z0-9_.-]*"|true|null|\[[^\[\]]*\]')

# the folder of a test serves all its examples: each of them writes the file anew
many = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def damaged(draw, good):
    """One to four damages of the bytes `good`."""
    content = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        offset = draw(st.integers(0, len(content)))
        draw(st.sampled_from(DAMAGES))(draw, content, offset)
    return bytes(content)


def another_byte(draw, content, offset):
    content[offset : offset + 1] = [draw(st.integers(0, 255))]


def an_extreme_number(draw, content, offset):
    size, order = draw(st.sampled_from([2, 4, 8])), draw(st.sampled_from(["little", "big"]))
    number = draw(st.sampled_from(EXTREMES)) % 256**size
    content[offset : offset + size] = number.to_bytes(size, order)


def a_gap(draw, content, offset):
    del content[offset : offset + draw(st.integers(1, 16))]


def an_end(draw, content, offset):
    del content[offset:]


def something_twice(draw, content, offset):
    content[offset:offset] = content[offset : offset + draw(st.integers(1, 64))]


def another_word(draw, content, offset):
    if found := list(TEXT.finditer(bytes(content))):
        old = found[offset % len(found)]
        content[old.start() : old.end()] = draw(st.sampled_from(WORDS))


DAMAGES = [another_byte, an_extreme_number, a_gap, an_end, something_twice, another_word]


def reading(read, path):
    """Return what `read` makes of `path`, a refusal or else a result, and the peak of memory."""
    tracemalloc.start()
    try:
        return None, read(path), tracemalloc.get_traced_memory()[1]
    except ValueError as error:
        return str(error), None, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def refuses_cheaply(read, path, content):
    """Assert that `read` refuses the file `content` by name, with little memory and in seconds."""
    path.write_bytes(content)
    began = time.process_time()
    refusal, _, peak = reading(read, path)
    assert str(path) in refusal
    assert peak < 30 * len(content) + 3_000_000
    assert time.process_time() - began < 10
