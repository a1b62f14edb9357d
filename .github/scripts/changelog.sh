#!/usr/bin/env bash
# Prints a section of CHANGELOG.md, which must say something: `changelog.sh 0.2.0`.
set -euo pipefail
cd "$(dirname "$0")/../.."

section=$(awk -v name="$1" '/^## / { inside = ($2 "" == name); next } inside' CHANGELOG.md)
if [[ $section != *[![:space:]]* ]]; then
    echo "CHANGELOG.md has nothing under \"## $1\"." >&2
    exit 1
fi
printf '%s\n' "$section"
