"""What a run was made with: processor, versions, and the kernels that multiply matrices."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import re
from pathlib import Path

import threadpoolctl
import torch

from bench import KEPT
from bench.peers import PEERS

PACKAGES = ("numpy", "torch", "scikit-learn", *PEERS)


def about(command: str, rounds: int) -> dict[str, str]:
    """Date, versions, processor and kernels, in words."""
    absent = [name for name in PACKAGES if not installed(name)]
    return {
        "command": command,
        "date": datetime.date.today().isoformat(),
        "rounds": str(rounds),
        "processor": processor(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in PACKAGES if installed(name)},
        **({"not installed": ", ".join(absent)} if absent else {}),
        "malloc keeps": ", ".join(f"{name}={os.environ.get(name, '')}" for name in KEPT),
        "NumPy multiplies with": numpy_kernel(),
        "PyTorch multiplies with": torch_kernel(),
    }


def installed(name: str) -> bool:
    """Is there such a package? Those of `PEERS` are there for `make bench` alone."""
    return any(importlib.metadata.distributions(name=name))


def processor() -> str:
    """The processor's name, as Linux tells it."""
    path = Path("/proc/cpuinfo")
    named = re.search(r"^model name\s*:\s*(.+)$", path.read_text(), re.M) if path.exists() else None
    return named[1] if named else platform.processor() or "unknown"


def numpy_kernel() -> str:
    """Library, version and kernel of NumPy's matrix products."""
    pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    # SciPy may bring a library of its own
    for pool in sorted(pools, key=lambda pool: "numpy" not in pool["filepath"]):
        return f"{pool['internal_api']} {pool['version']}, kernel {pool['architecture']}"
    return "a library that threadpoolctl does not know"


def torch_kernel() -> str:
    """Library and instruction set of PyTorch's."""
    library = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return f"{library[1] if library else 'unknown'}, {torch.backends.cpu.get_cpu_capability()}"
