"""A download by a process that is killed, has no room, or is not alone."""

import functools
import os
import signal
import subprocess
import sys
import time

import bad_servers
import pytest
from bad_servers import CONTENT, NAME, known, left

from weighted_sums.workshop.downloads import FOLDER_VARIABLE, fetch

pytestmark = pytest.mark.usefixtures("no_folder")
RUN = """
import sys
from pathlib import Path
from weighted_sums.workshop.downloads import RemoteFile, fetch
name, size, sha256, url, cache, limit = sys.argv[1:]
if int(limit):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
print(fetch(RemoteFile(name, int(size), sha256, (url,)), Path(cache)))
"""


def command(file, cache, limit=0):
    """What another process runs to fetch `file`, which may write files of `limit` bytes at most."""
    arguments = [file.path, file.size, file.sha256, *file.urls, cache, limit]
    return [sys.executable, "-c", RUN, *map(str, arguments)]


def test_where_the_disk_is_full_the_error_says_so_and_nothing_is_left(serve, tmp_path):
    file = known(serve(bad_servers.whole).url)
    run = subprocess.run(command(file, tmp_path, 1000), capture_output=True, text=True)
    assert run.returncode == 1
    assert (
        f"{NAME} (1,600 bytes) cannot be saved as {tmp_path / NAME}: File too large" in run.stderr
    )
    assert FOLDER_VARIABLE in run.stderr
    assert left(tmp_path) == []


def test_a_full_disk_does_not_cost_the_file_that_was_there(serve, tmp_path):
    (tmp_path / "part").mkdir()
    (tmp_path / NAME).write_bytes(b"an older file")
    file = known(serve(bad_servers.whole).url)
    run = subprocess.run(command(file, tmp_path, 1000), capture_output=True, text=True)
    assert "File too large" in run.stderr
    assert (tmp_path / NAME).read_bytes() == b"an older file"
    assert left(tmp_path) == [NAME]


@pytest.mark.slow
def test_two_processes_may_download_at_once(serve, tmp_path):
    content = os.urandom(3_000_000)
    file = known(serve(bad_servers.slow, content).url, content=content)
    start = functools.partial(subprocess.Popen, command(file, tmp_path), stdout=subprocess.PIPE)
    runs = [start(), start()]
    sizes = set()
    while any(run.poll() is None for run in runs):
        if (tmp_path / NAME).exists():
            sizes.add((tmp_path / NAME).stat().st_size)
        time.sleep(0.001)
    assert [run.wait() for run in runs] == [0, 0]
    assert [run.communicate()[0].split()[-1].decode() for run in runs] == [str(tmp_path / NAME)] * 2
    assert sizes <= {len(content)}
    assert (tmp_path / NAME).read_bytes() == content
    assert left(tmp_path) == [NAME]


def test_a_killed_download_leaves_nothing_and_is_done_again(serve, tmp_path):
    server = serve(bad_servers.stalled)
    run = subprocess.Popen(command(known(server.url), tmp_path), stdout=subprocess.DEVNULL)
    while not server.requests:
        time.sleep(0.01)
    time.sleep(0.1)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    assert left(tmp_path) == []
    server.answer = bad_servers.whole
    assert fetch(known(server.url), tmp_path).read_bytes() == CONTENT
    assert left(tmp_path) == [NAME]
