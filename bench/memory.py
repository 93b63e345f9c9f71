"""Peak memory of one program, alone in a process of its own.

What is measured: the libraries are loaded and the program has run once at its case's tiny size, so
that code and thread pools are in memory; the inputs and the model of the real size have been made.
From there on, how far the largest resident set during two calls exceeds the resident set before
them, in MB of a million bytes. Linux keeps that peak (VmHWM), and sets it back on demand; the peak
of `resource.getrusage` cannot be set back, and begins with that of the parent process.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bench.pairs import Case, Setting

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak(case: Case, setting: Setting, program: str) -> dict[str, Any]:
    """Run one program of a case and return its row: megabytes above what stood before.

    Needs a process in which nothing else has run, and Linux.
    """
    run = case.programs(**case.tiny).get(program)
    if run:
        run()
    run = case.programs(**setting)[program]
    RESET.write_text("5", "ascii")  # the number that sets the peak back
    before = resident("VmRSS")
    run()
    run()
    found = max(resident("VmHWM") - before, 0)
    return {
        "case": case.name,
        "setting": setting,
        "program": program,
        "megabytes": round(found / 1e6, 2),
    }


def resident(name: str) -> int:
    """Bytes of this process in memory, now (VmRSS) or at the peak (VmHWM)."""
    return 1024 * int(re.search(rf"^{name}:\s*(\d+) kB", STATUS.read_text("ascii"), re.M)[1])
