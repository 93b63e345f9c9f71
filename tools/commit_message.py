"""Refuse a commit message without a body. Git's hook `commit-msg` passes the message's file."""

from __future__ import annotations

import re
import sys
from pathlib import Path

SCISSORS = re.compile(
    r"^# -+ >8 -+$.*", re.M | re.S
)  # `git commit --verbose` adds the change below
COMMENT = re.compile(r"^#.*\n?", re.M)
TRAILER = re.compile(r"^[A-Z][\w-]+: .*$", re.M)
BY_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ")


def fault(message: str) -> str:
    """What is wrong with a commit message, or an empty string."""
    subject, _, rest = COMMENT.sub("", SCISSORS.sub("", message)).strip().partition("\n")
    if subject.startswith(BY_GIT):
        return ""
    if rest and not rest.startswith("\n"):
        return "the second line of a commit message is empty"
    if not TRAILER.sub("", rest).strip():
        return "the commit message has no body: say below the subject why the change is made"
    return ""


if __name__ == "__main__":
    sys.exit(fault(Path(sys.argv[1]).read_text("utf-8")) or None)
