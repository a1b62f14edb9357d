#!/usr/bin/env bash
# Checks that this commit can be released under a tag: `check-release.sh v0.2.0 [BASE]`. The generated code is fresh, the
# document has no findings, the tag names the version of the crates, that version is as far from the last release as the
# changes of the API ask for, and CHANGELOG.md has a section for it. BASE is instead of the last tag before this commit.
set -euo pipefail
cd "$(dirname "$0")/../.."
tag=$1
base=${2:-$(git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null || true)}

step() { printf '\n== %s\n' "$*"; }
fail() {
    echo "$*" >&2
    exit 1
}
# raised FROM TO: which part of the version is higher: 3, 2 or 1 from the left, or 0 for none.
raised() {
    local from to part
    IFS=. read -ra from <<<"${1%%-*}"
    IFS=. read -ra to <<<"${2%%-*}"
    for part in 0 1 2; do
        ((to[part] == from[part])) || break
    done
    echo $((to[part] > from[part] ? 3 - part : 0))
}

step generated code is fresh
cargo codegen --check

step lint
cargo codegen lint

step "$tag is the version of the crates"
for crate in prolific-sandbox prolific-sdk; do
    id=$(cargo pkgid --locked --package "$crate")
    [ "v${id##*[@#]}" = "$tag" ] || fail "$crate has version ${id##*[@#]}: change Cargo.toml, or the tag."
done

step "changes of the API since ${base:-the start}"
if [ -n "$base" ]; then
    report=$(mktemp)
    trap 'rm "$report"' EXIT
    for format in human json; do
        cargo codegen diff --base "$base" --format "$format" >"$report"
        [ "$format" = json ] || cat "$report"
    done
    last=$(git show "$base:Cargo.toml" | sed -n 's/^version = "\(.*\)"$/\1/p' | head -n 1)
    bump=$(sed -n 's/.*"bump": *"\([a-z]*\)".*/\1/p' "$report" | head -n 1)
    case $bump in
        none | patch) needed=1 ;;
        minor) needed=2 ;;
        major) needed=3 ;;
        *) fail "cargo codegen diff names no \"bump\"." ;;
    esac
    (($(raised "$last" "${tag#v}") >= needed)) || fail "${tag#v} is too close to $last: the changes ask for more (\"$bump\")."
else
    echo "There is no release before this one."
fi

step changelog
.github/scripts/changelog.sh "${tag#v}"
