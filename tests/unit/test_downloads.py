"""A file is checked before it is used; a download is all there or not there."""

import hashlib
import os
import socket
import time

import bad_servers
import pytest
from bad_servers import CONTENT, NAME, known, left

from weighted_sums.workshop import downloads
from weighted_sums.workshop.downloads import FOLDER_VARIABLE, fetch, verified

pytestmark = pytest.mark.usefixtures("no_folder")


def test_a_file_is_downloaded_once_and_kept(serve, tmp_path):
    server = serve(bad_servers.whole)
    for _ in range(2):
        assert fetch(known(server.url), tmp_path).read_bytes() == CONTENT
    assert server.requests == 1
    assert left(tmp_path) == [NAME]


def test_the_second_address_serves_when_the_first_fails(serve, tmp_path):
    file = known(serve(bad_servers.error(404)).url, serve(bad_servers.whole).url)
    assert fetch(file, tmp_path).read_bytes() == CONTENT


FAULTS = {
    bad_servers.cut_short: "800 bytes read, 800 more expected",
    bad_servers.cut_short_without_a_length: "it sent 800 of 1,600 bytes",
    bad_servers.cut_short_in_chunks: "IncompleteRead|ended prematurely",
    bad_servers.cut_short_between_chunks: "IncompleteRead|ended prematurely",
    bad_servers.another_content: "the SHA-256 of what it sent is [0-9a-f]{64}, expected",
    bad_servers.nothing: "closed connection|Connection aborted",
    bad_servers.no_http: "BadStatusLine|Connection aborted",
    bad_servers.error(404): "404 Client Error",
    bad_servers.error(500): "500 Server Error",
    bad_servers.error(503): "503 Server Error",
    bad_servers.round_in_circles: "Exceeded 30 redirects",
    bad_servers.a_length_of_words: "much",
    bad_servers.silent: "Read timed out",
    bad_servers.stalled: "Read timed out",
    bad_servers.dripping: r"it sent no more than [\d,]+ bytes in",
    bad_servers.endless: "it sends more than the 1,600 bytes that were expected",
    bad_servers.a_bomb: "it sends more than the 1,600 bytes that were expected",
}


@pytest.mark.parametrize(
    ("answer", "reason"), FAULTS.items(), ids=[answer.__name__ for answer in FAULTS]
)
def test_a_wrong_download_is_refused_by_name_and_leaves_no_file(
    answer, reason, serve, tmp_path, monkeypatch
):
    monkeypatch.setattr(downloads, "TIMEOUT", 0.5)
    server, began = serve(answer), time.monotonic()
    where = rf"part/numbers.bin \(1,600 bytes\) could not be downloaded to {tmp_path}/{NAME}"
    with pytest.raises(OSError, match=f"{where}: {server.url}: .*({reason})") as refusal:
        fetch(known(server.url), tmp_path)
    assert f"{FOLDER_VARIABLE} may name a folder that holds {NAME}" in str(refusal.value)
    assert time.monotonic() - began < 4
    assert left(tmp_path) == []


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_without_a_network_the_message_says_what_was_wanted_from_where(host, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"http://{host}:{port}/numbers.bin"
    with pytest.raises(OSError, match=rf"part/numbers.bin \(1,600 bytes\).* {url}: ") as refusal:
        fetch(known(url), tmp_path)
    assert FOLDER_VARIABLE in str(refusal.value)
    assert left(tmp_path) == []


def test_a_file_instead_of_the_cache_folder_is_named(serve, tmp_path):
    (tmp_path / "cache").write_text("no folder")
    server = serve(bad_servers.whole)
    with pytest.raises(
        OSError, match=rf"{NAME} \(1,600 bytes\) cannot be saved as {tmp_path}.*dir"
    ):
        fetch(known(server.url), tmp_path / "cache")
    assert server.requests == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_cannot_be_written_is_named(serve, tmp_path):
    (tmp_path / "part").mkdir(mode=0o500)
    with pytest.raises(PermissionError, match=f"{NAME} .*cannot be saved as {tmp_path}.*denied"):
        fetch(known(serve(bad_servers.whole).url), tmp_path)


def test_a_file_that_was_damaged_in_the_cache_is_downloaded_again(serve, tmp_path, capsys):
    (tmp_path / "part").mkdir()
    (tmp_path / NAME).write_bytes(CONTENT[:-1])
    assert fetch(known(serve(bad_servers.whole).url), tmp_path).read_bytes() == CONTENT
    assert "numbers.bin is damaged or is another file" in capsys.readouterr().out


def test_a_named_folder_is_used_and_its_files_are_checked(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(
        FileNotFoundError, match=r"there is no part/numbers.bin in it \(1,600 bytes"
    ):
        fetch(known())
    (tmp_path / "part").mkdir()
    (tmp_path / NAME).write_bytes(CONTENT)
    assert fetch(known()).read_bytes() == CONTENT
    (tmp_path / NAME).write_bytes(CONTENT[:-1])
    with pytest.raises(ValueError, match="numbers.bin is damaged or is another file"):
        fetch(known())


def test_the_hash_in_the_message_is_the_file_s(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"x")
    with pytest.raises(ValueError, match=hashlib.sha256(b"x").hexdigest()):
        verified(path, "0" * 64)
