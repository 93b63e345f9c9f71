"""Writes small weight files for tests, right ones and lying ones."""

import json
import struct

import numpy as np


def safetensors(arrays, **changes):
    """A safetensors file of `arrays`; `changes` overwrite what its header says of the array a."""
    header, content = {"__metadata__": {"format": "pt"}}, b""
    for name, array in arrays.items():
        kind = {"<f4": "F32", "<f2": "F16", "<i8": "I64"}[array.dtype.str]
        offsets = [len(content), len(content) + array.nbytes]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": offsets}
        content += array.tobytes()
    header["a"].update(changes)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + content


def text(characters):
    return struct.pack("<Q", len(characters)) + characters


def note(name, kind, value):
    return text(name) + struct.pack("<I", kind) + value


def q4(step, minimum, numbers):
    numbers = np.asarray(numbers, np.uint8)
    return struct.pack("<ee", step, minimum) + (numbers[:16] | numbers[16:] << 4).tobytes()


def q8(step, numbers):
    return struct.pack("<e", step) + np.asarray(numbers, np.int8).tobytes()


def gguf(entries, notes=(), version=3, count=None, magic=b"GGUF"):
    """A GGUF file of entries (name, shape as the file lists it, type, content)."""
    entries = list(entries)
    head = magic + struct.pack("<IQQ", version, count or len(entries), len(notes)) + b"".join(notes)
    content = b""
    for name, shape, kind, data in entries:
        content += bytes(-len(content) % 32)
        head += text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        head += struct.pack("<IQ", kind, len(content))
        content += data
    return head + bytes(-len(head) % 32) + content
