#!/usr/bin/env bash
# Tell in an issue what the weekly build found: report.sh FOLDER, where newest.md lies if there is one.
# RESULT (of the build), MODELS (of the tests that ask real models) and MUTANTS (of the faults that
# tests must notice) are "success" or "failure",
# CHANGED is "yes" where numbers changed, RUN is the address of the run; `gh` finds the repository by itself.
set -euo pipefail

title="The weekly build with the newest packages"
body=$(mktemp)
{
  if [ "$RESULT" = failure ]; then
    echo "The weekly build has failed. Its log says where: $RUN"
  elif [ "$CHANGED" = yes ]; then
    echo "With the newest packages, numbers of the book have changed. The whole report: $RUN"
  fi
  if [ "$MODELS" = failure ]; then
    echo "The tests that ask the real models have failed. Their log says where: $RUN"
  fi
  if [ "$MUTANTS" = failure ]; then
    echo "The tests notice too few planted faults, or the list of survivors is out of date: $RUN"
  fi
  echo
  if [ -f "$1/newest.md" ]; then
    head --bytes=60000 "$1/newest.md" # an issue holds 65,536 characters
  fi
} > "$body"

number=$(gh issue list --state open --search "in:title \"$title\"" --json number --jq '.[0].number // empty')
if [ -n "$number" ]; then
  gh issue comment "$number" --body-file "$body"
else
  gh issue create --title "$title" --body-file "$body"
fi
