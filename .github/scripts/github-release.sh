#!/usr/bin/env bash
# Creates the release of a tag on GitHub, or completes one that a failed run has left: `github-release.sh TAG NOTES FOLDER`.
set -euo pipefail
tag=$1

gh release view "$tag" >/dev/null 2>&1 || gh release create "$tag" --verify-tag --title "$tag" --notes-file "$2"
gh release upload "$tag" "$3"/* --clobber
