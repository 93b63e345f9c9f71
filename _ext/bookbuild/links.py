"""Links to other sites: on which pages they stand, and what became of them. Nothing fails by them:
other people's servers come and go, and the book is built without a network.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

import requests
from pybtex.database import parse_file

REPORT = Path("_build", "links.md")
WAIT = 15.0  # seconds until an answer must begin
AT_ONCE = 8
AGENT = {"User-Agent": "Mozilla/5.0 (compatible; link check of a textbook, once a week)"}
HERE = re.compile(r"https?://(localhost|127\.0\.0\.1)[:/]")

NO_CONNECTION = "no connection"
SILENT = "without a good answer"


class _Links(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = (dict(attrs).get("href") or "").partition("#")[0] if tag == "a" else ""
        if address.startswith(("http://", "https://")) and not HERE.match(address):
            self.found.add(address)


def write(root: Path, site: Path) -> Path:
    """Write the report on all links of the built `site` and of the works it cites."""
    found = together(of_site(site), of_sources(root / "references.bib"))
    path = root / REPORT
    path.write_text(report(found, ask_all(found)), "utf-8")
    return path


def of_site(site: Path) -> dict[str, list[str]]:
    """Each address outside that the pages below `site` link to, with those pages."""
    found: dict[str, list[str]] = {}
    for page in sorted(site.rglob("*.html")):
        for address in _Links(page.read_text("utf-8")).found:
            found.setdefault(address, []).append(str(page.relative_to(site)))
    return found


def of_sources(path: Path) -> dict[str, list[str]]:
    """Each address in a BibTeX file, with the keys of the works; the PDF shows them too."""
    found: dict[str, list[str]] = {}
    for key, entry in parse_file(str(path)).entries.items():
        addresses = [entry.fields.get("url", "")]
        if doi := entry.fields.get("doi"):
            addresses.append(f"https://doi.org/{doi}")
        for address in filter(None, addresses):
            found.setdefault(address.partition("#")[0], []).append(f"{path.name}: {key}")
    return found


def together(*lists: dict[str, list[str]]) -> dict[str, list[str]]:
    """Lists of addresses as one."""
    found: dict[str, list[str]] = {}
    for address, places in (item for each in lists for item in each.items()):
        found.setdefault(address, []).extend(places)
    return found


def ask(address: str, wait: float = WAIT) -> str:
    """What became of an address: "ok", "moved to …", a number such as 404, or why it is silent."""
    try:
        with requests.get(address, headers=AGENT, timeout=wait, stream=True) as answer:
            if answer.status_code >= 400:
                return str(answer.status_code)
            return f"moved to {answer.url}" if answer.history else "ok"
    except requests.Timeout:
        return f"no answer within {wait:g} s"
    except requests.ConnectionError:
        return NO_CONNECTION
    except (requests.RequestException, ValueError) as error:
        return type(error).__name__


def ask_all(addresses: Iterable[str], wait: float = WAIT) -> dict[str, str]:
    """Ask for every address, several at once."""
    addresses = list(addresses)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(addresses, pool.map(lambda a: ask(a, wait), addresses), strict=True))


def report(found: dict[str, list[str]], became: dict[str, str]) -> str:
    """A page of Markdown: what did not answer first, then what moved, then the rest."""
    lines = ["# Links to other sites", "", f"{len(found)} addresses. {_summary(became)}", ""]
    lines += ["| what became of it | address | where it stands |", "|---|---|---|"]
    for address in sorted(found, key=lambda a: (_rank(became[a]), a)):
        cells = (became[address], address, ", ".join(found[address]))
        lines.append("| " + " | ".join(cell.replace("|", "%7C") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _summary(became: dict[str, str]) -> str:
    if set(became.values()) <= {NO_CONNECTION}:
        return "No connection to any of them: there is no network here, so nothing is said of them."
    counts = Counter(_kind(text) for text in became.values())
    return ", ".join(f"{counts[kind]} {kind}" for kind in ("ok", "moved", SILENT)) + "."


def _kind(text: str) -> str:
    return text if text == "ok" else "moved" if text.startswith("moved") else SILENT


def _rank(text: str) -> int:
    return (SILENT, "moved", "ok").index(_kind(text))
