#!/usr/bin/env bash
# Rehearses a release on a copy of the workspace, with what is not committed: the drift, the findings, the changes of the API,
# the changelog, and the packages with their tests. Publishes nothing, and changes nothing outside the target folder.
#
#     tests/release.sh [VERSION]
#
# VERSION is instead of the one in Cargo.toml. UPSTREAM is Prolific's document, to begin with what has changed in it. BASE is
# a commit instead of the last release.
set -euo pipefail
upstream=${UPSTREAM:+$(realpath "$UPSTREAM")}
root=$(cd "$(dirname "$0")/.." && pwd)
step() { printf '\n== %s\n' "$*"; }

step a copy of the workspace
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git clone --quiet --no-checkout "$root" "$copy"
git --git-dir="$copy/.git" --work-tree="$root" add --all
cd "$copy"
base=${BASE:+$(git -C "$root" rev-parse "$BASE^{commit}")}
commit() { git -c user.name=rehearsal -c user.email=rehearsal@localhost commit --quiet --allow-empty "$@"; }
commit --message "What is not committed"
git reset --quiet --hard
git log --max-count 1 --format=%h --shortstat
# Not shared with the workspace: what a copy builds must not pass for what the workspace builds.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}/release-rehearsal

if [ -n "$upstream" ]; then
    step "drift from $upstream"
    status=0
    cargo codegen drift --upstream "$upstream" || status=$?
    # 1: there is drift, which is no obstacle to a release.
    ((status <= 1)) || exit "$status"
fi

id=$(cargo pkgid --locked --package prolific-sdk)
old=${id##*[@#]}
version=${1:-$old}
if [ "$version" != "$old" ]; then
    step "version $old becomes $version"
    sed -i "s/^version = \"$old\"\$/version = \"$version\"/; /^prolific-sandbox = /s/\"$old\"/\"$version\"/" Cargo.toml
    cargo update --workspace --offline
    git diff --stat
fi
if ! grep --quiet "^## $version\b" CHANGELOG.md; then
    step "the section Unreleased of CHANGELOG.md becomes $version"
    .github/scripts/changelog.sh Unreleased >/dev/null
    sed -i "s/^## Unreleased\$/## $version/" CHANGELOG.md
fi
commit --all --message "Release $version"
.github/scripts/check-release.sh "v$version" "$base"

step packages
tests/package.sh
ls -l "$CARGO_TARGET_DIR"/package/*.crate
