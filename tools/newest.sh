#!/usr/bin/env bash
# Build the notebooks a second time, in a copy of the checkout, with the newest packages that
# pyproject.toml allows, and say what changed in their numbers: _build/newest.md.
# The checkout's own environment and its last build stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=_build/newest
report=_build/newest.md
rm -rf "$copy" "$report" _build/newest.changed _build/newest.txt
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard |
  xargs -0 cp --parents --target-directory "$copy"

bash "$copy/tools/environment.sh" newest
touch "$copy/.venv/ready"
"$copy/.venv/bin/python" -m pip freeze --exclude-editable > _build/newest.txt
make --directory "$copy" notebooks

changes=$(mktemp)
changed=no
status=0
.venv/bin/python tools/compare.py _build/notebooks "$copy/_build/notebooks" > "$changes" ||
  status=$?
# 1 says that numbers changed; a comparison that broke down ends so too, but prints no table
if [ "$status" -eq 1 ] && [ -s "$changes" ]; then
  changed=yes
elif [ "$status" -ne 0 ]; then
  exit "$status"
fi

{
  echo "# The newest packages beside those of the lock"
  echo
  echo '```'
  # the lock's lines to the left, the newest to the right
  comm -3 <(LC_ALL=C sort requirements.lock) <(LC_ALL=C sort _build/newest.txt)
  echo '```'
  echo
  cat "$changes"
} > "$report"
echo "$changed" > _build/newest.changed
echo "numbers changed: $changed; the report is in $report"
