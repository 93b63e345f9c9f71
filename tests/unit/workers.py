"""Start workers as torchrun does, but import PyTorch once for all: `workers.py COUNT ARGUMENTS`."""

import os
import signal
import socket
import sys

from weighted_sums.experiments import distributed


def main(count: int, arguments: list[str]) -> int:
    """Run `distributed.main` in `count` processes; when one fails, end the others."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    world = {"WORLD_SIZE": str(count), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    workers = set()
    for rank in range(count):
        worker = os.fork()
        if not worker:
            os.environ |= world | {"RANK": str(rank)}
            distributed.main(arguments)
            return 0
        workers.add(worker)
    failed = False
    while workers:
        ended, status = os.wait()
        workers.remove(ended)
        if status and not failed:
            failed = True
            for other in workers:
                os.kill(other, signal.SIGTERM)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
