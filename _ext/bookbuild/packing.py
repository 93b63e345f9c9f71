"""Archives whose bytes depend on nothing but the files in them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

DAY = (2020, 1, 1, 0, 0, 0)
PACKED = {".pdf", ".png", ".woff2", ".whl", ".zip", ".epub"}  # nothing to be gained


def pack(files: Mapping[str, Path], target: Path) -> None:
    """Write a zip that holds the files under these names, in this order."""
    new = target.with_suffix(".new")
    with zipfile.ZipFile(new, "w") as archive:
        for name, path in files.items():
            stored = path.suffix in PACKED or name == "mimetype"  # which an EPUB stores
            kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, DAY), path.read_bytes(), kind)
    new.replace(target)
