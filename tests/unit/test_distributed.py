"""Real workers: the averaged gradient is the whole batch's, and a killed worker loses nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from weighted_sums import optimizers, texts, transformer
from weighted_sums.experiments import distributed
from weighted_sums.experiments.distributed import WorkerBatches
from weighted_sums.workshop import checkpoints
from weighted_sums.workshop.parameters import leaves, unflatten

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
WORKERS = [sys.executable, str(Path(__file__).with_name("workers.py")), "2"]
SMALL = ["--d-model", "16", "--n-layers", "1", "--windows", "4"]
AVERAGE = """
import sys
import numpy as np, torch.distributed as dist
from weighted_sums import transformer
from weighted_sums.experiments.distributed import AveragedGradient
from weighted_sums.workshop.parameters import flatten
from weighted_sums.torch_twin import TorchTransformer
dist.init_process_group("gloo")
rng = np.random.default_rng(0)
model = transformer.init_transformer(11, 7, 12, 3, 2, rng)
x, y = rng.integers(11, size=(2, 6, 7))
mine = slice(dist.get_rank(), None, dist.get_world_size())
cost, grads = AveragedGradient(TorchTransformer(model))(model, x[mine], y[mine])
np.save(sys.argv[1] + str(dist.get_rank()), np.append(flatten(grads), cost))
dist.destroy_process_group()
"""


def launch(*command):
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip


@pytest.mark.slow
def test_the_average_of_the_workers_is_the_gradient_of_the_whole_batch(tmp_path):
    script = tmp_path / "average.py"
    script.write_text(AVERAGE)
    run = launch(*TORCHRUN, str(script), str(tmp_path / "found-"))
    assert run.wait(100) == 0, run.stderr.read()
    rng = np.random.default_rng(0)
    model = transformer.init_transformer(11, 7, 12, 3, 2, rng)
    cost, grads = transformer.cost_and_gradient(model, *rng.integers(11, size=(2, 6, 7)))
    for worker in (0, 1):
        found = np.load(tmp_path / f"found-{worker}.npy")
        assert found[-1] == pytest.approx(cost, abs=1e-6)
        for one, other in zip(leaves(unflatten(found[:-1], grads)), leaves(grads), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.slow
def test_a_killed_worker_ends_the_run_and_the_next_run_goes_on(tmp_path):
    saved = tmp_path / "run.npz"
    command = [*WORKERS, "--checkpoint", str(saved), *SMALL]
    run = launch(*command, "--epochs", "100000", "--steps", "2")
    for _ in range(600):
        if saved.exists() or run.poll() is not None:
            break
        time.sleep(0.1)
    assert saved.exists(), run.communicate()[1]
    os.kill(worker_of(run.pid), signal.SIGKILL)
    output, errors = run.communicate(timeout=60)
    assert run.returncode != 0
    assert "another worker is gone" in errors and str(saved) in errors, output + errors
    steps = steps_in(saved)
    again = launch(*command, "--epochs", str(steps // 2 + 2), "--steps", "2")
    output, errors = again.communicate(timeout=100)
    assert again.returncode == 0, errors
    assert json.loads(output)["steps"] == steps + 4
    assert steps_in(saved) == steps + 4


def steps_in(saved):
    text = texts.default_text()
    model = transformer.init_transformer(len(set(text)), 64, 16, 4, 1, np.random.default_rng(0))
    adam = optimizers.Adam(1e-3)
    checkpoints.resume(saved, model, adam, np.random.default_rng(0))
    return adam.steps


def worker_of(launcher):
    """The process of the last worker that `launcher` has started."""
    for process in sorted(map(int, filter(str.isdigit, os.listdir("/proc"))), reverse=True):
        try:
            with open(f"/proc/{process}/stat") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == launcher:
            return process
    raise AssertionError("no worker is running")


def test_every_row_belongs_to_one_worker():
    windows = texts.Windows(np.arange(50), context_length=4, batch_size=6, batches=2)
    parts = [WorkerBatches(windows, worker, 3) for worker in range(3)]
    found = [list(part.epoch(np.random.default_rng(1))) for part in parts]
    whole = list(windows.epoch(np.random.default_rng(1)))
    for step, (x, y) in enumerate(whole):
        assert all(batches[step][0].shape == (2, 4) for batches in found)
        for rows, i in ((x, 0), (y, 1)):
            joined = np.concatenate([batches[step][i] for batches in found])
            assert sorted(map(tuple, joined)) == sorted(map(tuple, rows))


def test_a_batch_must_be_divisible_by_the_workers():
    with pytest.raises(ValueError, match="a batch of 6 windows is not divisible by 4 workers"):
        WorkerBatches(texts.Windows(np.arange(50), 4, 6, 2), 0, 4)


def test_without_torchrun_it_says_how_to_launch(tmp_path, monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    threads = torch.get_num_threads()
    with pytest.raises(SystemExit, match="torchrun --nproc-per-node 2"):
        distributed.main(["--checkpoint", str(tmp_path / "x")])
    torch.set_num_threads(threads)
