#!/usr/bin/env bash
# debian.sh SECTION…: install the packages that apt.txt lists there and this system lacks, as root or
# with a sudo that asks no password; otherwise say what to install. Without dpkg, look for the tools.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
wanted=
while read -r first rest; do
  if [ "$first" = "#" ]; then
    wanted=
    [[ " $* " != *" ${rest%%:*} "* ]] || wanted=yes
  fi
  [ "$wanted" ] && [ "$first" ] || continue
  if ! command -v dpkg-query >/dev/null; then
    [ "$first" = "#" ] || continue
    for tool in ${rest#*:}; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  elif [ "$first" != "#" ]; then
    # shellcheck disable=SC2016 # dpkg-query's own variable
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$first" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$first")
  fi
done < apt.txt
[ ${#missing[@]} -gt 0 ] || exit 0

become=(sudo -n)
[ "$(id -u)" != 0 ] || become=(env)
if command -v apt-get >/dev/null && "${become[@]}" true 2>/dev/null; then
  echo "installing Debian packages: ${missing[*]}"
  apt=("${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  "${apt[@]}" update </dev/null >/dev/null &&
    "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null >/dev/null && exit
fi
echo "Missing on this system: ${missing[*]}. Install them, then run the same command again." >&2
exit 1
