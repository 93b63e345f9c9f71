"""A file is checked before it is used; a download is all there or not there."""

import functools
import hashlib
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from weighted_sums.downloads import FOLDER_VARIABLE, RemoteFile, fetch, verified

CONTENT = b"weights and sums" * 100


@pytest.fixture
def server(tmp_path):
    """A server on loopback, its folder and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.log_message = lambda *args: None
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{httpd.server_port}/"
    httpd.shutdown()


@pytest.fixture(autouse=True)
def no_folder(monkeypatch):
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)


def known(*urls):
    return RemoteFile(
        "part/numbers.bin", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), tuple(urls)
    )


def test_a_file_is_downloaded_once_and_kept(server, tmp_path):
    folder, base = server
    (folder / "numbers.bin").write_bytes(CONTENT)
    file, cache = known(base + "numbers.bin"), tmp_path / "cache"
    assert fetch(file, cache).read_bytes() == CONTENT
    (folder / "numbers.bin").unlink()
    assert fetch(file, cache).read_bytes() == CONTENT


def test_the_second_address_serves_when_the_first_fails(server, tmp_path):
    folder, base = server
    (folder / "numbers.bin").write_bytes(CONTENT)
    file = known(base + "gone.bin", base + "numbers.bin")
    assert fetch(file, tmp_path / "cache").read_bytes() == CONTENT


@pytest.mark.parametrize("served", [CONTENT[:-1], b"", b"another file"])
def test_a_wrong_download_is_refused_and_leaves_no_file(server, tmp_path, served):
    folder, base = server
    (folder / "numbers.bin").write_bytes(served)
    with pytest.raises(OSError, match="part/numbers.bin could not be downloaded.*hash"):
        fetch(known(base + "numbers.bin"), tmp_path / "cache")
    assert not (tmp_path / "cache" / "part" / "numbers.bin").exists()


def test_a_download_interrupted_earlier_is_done_again(server, tmp_path):
    folder, base = server
    (folder / "numbers.bin").write_bytes(CONTENT)
    half = tmp_path / "cache" / "part" / "numbers.bin.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(CONTENT[:7])
    assert fetch(known(base + "numbers.bin"), tmp_path / "cache").read_bytes() == CONTENT


def test_a_named_folder_is_used_and_its_files_are_checked(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(
        FileNotFoundError, match=r"there is no part/numbers.bin in it \(1,600 bytes"
    ):
        fetch(known())
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "numbers.bin").write_bytes(CONTENT)
    assert fetch(known()).read_bytes() == CONTENT
    (tmp_path / "part" / "numbers.bin").write_bytes(CONTENT[:-1])
    with pytest.raises(ValueError, match="numbers.bin is damaged or is another file"):
        fetch(known())


def test_the_hash_in_the_message_is_the_file_s(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"x")
    with pytest.raises(ValueError, match=hashlib.sha256(b"x").hexdigest()):
        verified(path, "0" * 64)
