"""Servers that answer wrongly: each is a function of the open connection and the content."""

import contextlib
import gzip
import hashlib
import socket
import threading
import time

from weighted_sums.workshop.downloads import RemoteFile

CONTENT = b"weights and sums" * 100
NAME = "part/numbers.bin"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"


def whole(connection, content):
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(content) + content)


def cut_short(connection, content):
    half = content[: len(content) // 2]
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(content) + half)


def cut_short_without_a_length(connection, content):
    connection.sendall(HEAD + b"Connection: close\r\n\r\n" + content[: len(content) // 2])


def cut_short_in_chunks(connection, content):
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + content[:100] + b"\r\n")
    connection.sendall(b"64\r\n" + content[100:120])


def cut_short_between_chunks(connection, content):
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + content[:100] + b"\r\n")


def another_content(connection, content):
    whole(connection, content[::-1])


def nothing(connection, content):
    pass


def no_http(connection, content):
    connection.sendall(b"\x16\x03\x01" + content)


def error(code):
    def answer(connection, content):
        connection.sendall(b"HTTP/1.1 %d Sorry\r\nContent-Length: 0\r\n\r\n" % code)

    answer.__name__ = f"error_{code}"
    return answer


def round_in_circles(connection, content):
    head = b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n"
    connection.sendall(head + b"Connection: close\r\n\r\n")


def a_length_of_words(connection, content):
    connection.sendall(HEAD + b"Content-Length: much\r\n\r\n" + content)


def silent(connection, content):
    time.sleep(5)


def stalled(connection, content):
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(content) + content[:600])
    time.sleep(5)


def dripping(connection, content):
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(content) + content[:300])
    for i in range(300, len(content)):
        time.sleep(0.005)
        connection.sendall(content[i : i + 1])


def endless(connection, content):
    connection.sendall(HEAD + b"Connection: close\r\n\r\n")
    while True:
        connection.sendall(content * 40)


def a_bomb(connection, content):
    """Unpacks to far more than is expected, though nobody asked for packed content."""
    packed = gzip.compress(bytes(5_000_000), 1)
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    connection.sendall(head + packed)


def slow(connection, content):
    """Right, in a second."""
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(content))
    for i in range(0, len(content), len(content) // 20):
        connection.sendall(content[i : i + len(content) // 20])
        time.sleep(0.05)


class Server:
    """Listens on loopback and lets `answer` answer each request; counts them."""

    def __init__(self, answer, content):
        self.answer, self.content, self.requests = answer, content, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/numbers.bin"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):  # the socket is closed
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection):
        with connection, contextlib.suppress(OSError):  # the client may hang up
            connection.recv(10_000)
            self.requests += 1
            self.answer(connection, self.content)

    def close(self):
        self.socket.close()


def known(*urls, content=CONTENT):
    """The file that is wanted from `urls`."""
    return RemoteFile(NAME, len(content), hashlib.sha256(content).hexdigest(), urls)


def left(cache):
    """The files in the cache, by their paths."""
    return sorted(str(path.relative_to(cache)) for path in cache.rglob("*") if path.is_file())
