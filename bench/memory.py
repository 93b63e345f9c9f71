"""Peak memory of one program, alone in a process of its own.

What is measured: the libraries are loaded (the process is a copy of one that has loaded them and
done nothing else), the program has run once at its case's tiny size, so that its code is in memory,
and the inputs and the model of the real size have been made. From there on, how far the largest
resident set during two calls exceeds the resident set before them, in MB of a million bytes. Linux
keeps that peak (VmHWM), and sets it back on demand; the peak of `resource.getrusage` cannot be set
back, and begins with that of the parent process.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import re
from collections.abc import Iterable
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from bench.pairs import Case, Setting

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peaks(asked: Iterable[tuple[Case, Setting, str]]) -> list[dict[str, Any]]:
    """A row for each program, each from a process of its own, on one thread.

    Raises RuntimeError when one of them fails. Needs Linux, and a process that has only loaded.
    """
    copies = multiprocessing.get_context("fork")
    found = copies.SimpleQueue()
    rows = []
    for case, setting, program in asked:
        alone = copies.Process(target=_answer, args=(found, case, setting, program))
        alone.start()
        alone.join()
        if alone.exitcode:
            raise RuntimeError(f"{case.name}: {program} failed when it ran alone, {setting}")
        rows.append(found.get())
    return rows


def _answer(found: SimpleQueue, case: Case, setting: Setting, program: str) -> None:
    found.put(peak(case, setting, program))


def peak(case: Case, setting: Setting, program: str) -> dict[str, Any]:
    """Run one program in this process; return its row: megabytes above what stood before."""
    run = case.programs(**case.tiny).get(program)
    if run:
        run()
    run = case.programs(**setting)[program]
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what was freed must not be handed out again unseen
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
