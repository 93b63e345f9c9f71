#!/usr/bin/env bash
# Test the package in the python3 of this machine, whichever that is, in an environment of its own:
# the lock's versions as far as they exist for this Python, and PyTorch where it can be had.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-python3}
folder=_build/python

"$python" -m venv --clear "$folder"
"$folder/bin/python" - <<'END' > "$folder/needed.txt"
import tomllib

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
extras = project["optional-dependencies"]
needed = [*project["dependencies"], *extras["test"], *extras["bench"]]
print(*(name for name in needed if not name.startswith("torch")), sep="\n")
END
pip=("$folder/bin/python" -m pip install --quiet --constraint requirements.lock)
"${pip[@]}" --requirement "$folder/needed.txt"
"${pip[@]}" torch || echo "no PyTorch for $("$folder/bin/python" -V): the tests that need it are skipped"
PYTHONPATH=_ext:code OMP_NUM_THREADS=1 PYTHONHASHSEED=0 \
  "$folder/bin/python" -m pytest -n 2 --dist worksteal -rs tests/unit
