#!/usr/bin/env bash
# Tell in an issue what the weekly build found: report.sh FOLDER, where newest.md lies if there is one.
# RESULT is "success" or "failure", RUN the address of the run; `gh` finds the repository by itself.
set -euo pipefail

title="The weekly build with the newest packages"
body=$(mktemp)
{
  if [ "$RESULT" = success ]; then
    echo "With the newest packages, numbers of the book have changed. The whole report: $RUN"
  else
    echo "The weekly build has failed. Its log says where: $RUN"
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
