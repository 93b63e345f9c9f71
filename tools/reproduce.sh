#!/usr/bin/env bash
# Build the last commit twice from nothing, in two folders, and compare all results. The second
# build has spaces and other letters in its path, the locale C, and no network where that can be.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

build() {
  local checkout=$1
  shift
  git clone --quiet "$here" "$checkout"
  ln -s "$here/.venv" "$checkout/.venv"
  echo "building in $checkout"
  env -C "$checkout" "$@" make --silent -o .venv/ready \
    PYTHONPATH="$checkout/_ext:$checkout/code" book
}

offline=()
if unshare -rn ip link set lo up 2>/dev/null; then
  offline=(unshare -rn sh -c 'ip link set lo up && exec "$@"' sh)
else
  echo "this system gives no network namespace: the second build could call other hosts"
fi
build "$folder/first"
build "$folder/a second, größer ü" LC_ALL=C ${offline[@]+"${offline[@]}"}
"$here/.venv/bin/python" "$here/tools/compare.py" \
  "$folder/first/_build/notebooks" "$folder/a second, größer ü/_build/notebooks"
