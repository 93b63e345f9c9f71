"""Files from outside: found or fetched once, checked by hash, never half-used."""

from __future__ import annotations

import hashlib
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

FOLDER_VARIABLE = "WEIGHTED_SUMS_DATA"


@dataclass(frozen=True)
class RemoteFile:
    """A file we know by its SHA-256, and the addresses that are known to serve it."""

    path: str
    size: int
    sha256: str
    urls: tuple[str, ...]


def verified(path: Path, sha256: str) -> Path:
    """Return `path` when its SHA-256 is `sha256`; a damaged file raises ValueError by name."""
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ValueError(
            f"{path} is damaged or is another file: its SHA-256 is {found}, expected {sha256}"
        )
    return path


def fetch(file: RemoteFile, cache: Path | None = None) -> Path:
    """Return the path of `file`, from the folder in `WEIGHTED_SUMS_DATA` or downloaded once.

    A download is atomic: it gets its final name only after its hash was checked.
    Raises FileNotFoundError when the named folder lacks the file, ValueError when a file's hash
    is wrong, OSError when no address answers.
    """
    if folder := os.environ.get(FOLDER_VARIABLE):
        return _from_folder(file, Path(folder))
    cache = cache or Path(_pooch().os_cache("weighted-sums"))
    target = cache / file.path
    if target.exists():
        return verified(target, file.sha256)
    return _download(file, target)


def _from_folder(file: RemoteFile, folder: Path) -> Path:
    path = folder / file.path
    if not path.is_file():
        raise FileNotFoundError(
            f"{FOLDER_VARIABLE} is {folder}, but there is no {file.path} in it "
            f"({file.size:,} bytes, SHA-256 {file.sha256})"
        )
    return verified(path, file.sha256)


def _download(file: RemoteFile, target: Path) -> Path:
    print(f"downloading {file.path} ({file.size / 1e6:.1f} MB) from {file.urls[0]} to {target}")
    target.parent.mkdir(parents=True, exist_ok=True)
    failures = []
    for url in file.urls:
        try:
            found = _pooch().retrieve(
                url, f"sha256:{file.sha256}", fname=target.name + ".part", path=target.parent
            )
        except Exception as error:  # the next address may answer
            failures.append(f"{url}: {error}")
        else:
            os.replace(found, target)
            return target
    raise OSError(f"{file.path} could not be downloaded: " + "; ".join(failures))


def _pooch() -> ModuleType:
    # imported where it is needed: it takes its time, and warns where tqdm finds no widgets
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pooch
    return pooch
