"""Files from elsewhere: found or downloaded once, checked by hash, and never used in part."""

from __future__ import annotations

import hashlib
import io
import os
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from weighted_sums.workshop.files import atomic_write

FOLDER_VARIABLE = "WEIGHTED_SUMS_DATA"
TIMEOUT = 30  # seconds that a server may be silent
MIN_SPEED = 1000  # bytes per second that it has to send on average


@dataclass(frozen=True)
class RemoteFile:
    """A file with a known SHA-256, and the URLs that serve it."""

    path: str
    size: int
    sha256: str
    urls: tuple[str, ...]


def verified(path: Path, sha256: str) -> Path:
    """Return `path` if its SHA-256 is `sha256`; raise ValueError, with the path, if it is not."""
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ValueError(
            f"{path} is damaged or is another file: its SHA-256 is {found}, expected {sha256}"
        )
    return path


def fetch(file: RemoteFile, cache: Path | None = None) -> Path:
    """Return the path of `file`, from the folder in `WEIGHTED_SUMS_DATA` or downloaded once.

    A download is held in memory, at most `file.size` bytes of it, until its hash is verified; then
    it is written to the cache at once. A damaged file in the cache is downloaded again. Raises
    FileNotFoundError when the named folder lacks the file, ValueError when the file there has
    another hash, OSError when no URL serves the file or it cannot be saved as the cache.
    """
    if folder := os.environ.get(FOLDER_VARIABLE):
        return _from_folder(file, Path(folder))
    cache = cache or Path(_pooch().os_cache("weighted-sums"))
    target = cache / file.path
    if target.exists():
        try:
            return verified(target, file.sha256)
        except ValueError as damage:
            print(damage)
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
    with _explained(file, target):
        target.parent.mkdir(parents=True, exist_ok=True)
    failures = []
    for url in file.urls:
        try:
            content = _received(file, url)
        except Exception as error:  # the next URL may work
            failures.append(f"{url}: {error}")
        else:
            with _explained(file, target), atomic_write(target) as cached:
                cached.write(content)
            return target
    raise OSError(
        f"{file.path} ({file.size:,} bytes) could not be downloaded to {target}: "
        f"{'; '.join(failures)}. {_another_way(file)}"
    )


def _received(file: RemoteFile, url: str) -> bytes:
    received = _Received(file.size)
    uncompressed = {"Accept-Encoding": "identity"}
    get = _pooch().HTTPDownloader(timeout=TIMEOUT, chunk_size=256, headers=uncompressed)
    get(url, received, None)
    content = received.getvalue()
    if len(content) < file.size:
        raise ValueError(f"it sent {len(content):,} of {file.size:,} bytes")
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise ValueError(f"the SHA-256 of what it sent is {found}, expected {file.sha256}")
    return content


class _Received(io.BytesIO):
    """The bytes that a server sends; it must send no more than expected, and not too slowly."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.started: float | None = None

    def write(self, chunk: bytes) -> int:  # type: ignore[override]  # bytes are all it gets
        now = time.monotonic()
        self.started = self.started or now
        waited = now - self.started
        if waited > TIMEOUT and self.tell() < waited * MIN_SPEED:
            raise TimeoutError(f"it sent no more than {self.tell():,} bytes in {waited:.0f} s")
        if self.tell() + len(chunk) > self.size:
            raise ValueError(f"it sends more than the {self.size:,} bytes that were expected")
        return super().write(chunk)


@contextmanager
def _explained(file: RemoteFile, target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OSError(
            error.errno,
            f"{file.path} ({file.size:,} bytes) cannot be saved as {target}: "
            f"{error.strerror or error}. {_another_way(file)}",
        ) from error


def _another_way(file: RemoteFile) -> str:
    return f"{FOLDER_VARIABLE} may name a folder that holds {file.path}"


def _pooch() -> ModuleType:
    # imported only when needed: it takes time, and warns where tqdm finds no widgets
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pooch
    return pooch
