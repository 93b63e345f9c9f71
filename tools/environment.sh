#!/usr/bin/env bash
# Make .venv: the packages of requirements.lock, and the book's own package from code/.
# With the word `newest`, the newest packages that pyproject.toml allows take the place of the lock's.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8  # setuptools writes this folder's name in the locale's letters

python=
for candidate in python3 python3.13 python3.12 python3.11; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "The book needs Python 3.11 or newer, and no such python3 is on this system." >&2
  exit 1
fi

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  # Debian keeps it in a package of its own
  bash tools/debian.sh python
fi

# one that was killed as it was made has a Python and no pip
.venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
if [ "${1:-}" = newest ]; then
  echo "installing the newest packages that pyproject.toml allows into .venv"
  .venv/bin/python -m pip install --quiet --upgrade --editable ".[book,test]"
  exit
fi
echo "installing the packages of requirements.lock into .venv"
.venv/bin/python -m pip install --quiet --requirement requirements.lock 2> >(grep -v '^WARNING: Location' >&2)
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
