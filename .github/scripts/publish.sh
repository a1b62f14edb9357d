#!/usr/bin/env bash
# Publishes the packages in a folder that crates.io does not have yet: `publish.sh FOLDER`. Packages this commit again, and
# fails before it publishes if the result is not the same, byte for byte. Can be run again after any failure.
set -euo pipefail
dist=$(realpath "$1")
cd "$(dirname "$0")/../.."
# In the order of their dependencies.
crates=(prolific-sandbox prolific-sdk)

cargo package --no-verify --locked "${crates[@]/#/--package=}"
missing=()
for crate in "${crates[@]}"; do
    id=$(cargo pkgid --package "$crate")
    version=${id##*[@#]}
    cmp "${CARGO_TARGET_DIR:-target}/package/$crate-$version.crate" "$dist/$crate-$version.crate"
    if cargo info --quiet --registry crates-io "$crate@$version" >/dev/null 2>&1; then
        echo "$crate $version is on crates.io."
    else
        missing+=("--package=$crate")
    fi
done
if ((${#missing[@]})); then
    cargo publish --no-verify --locked "${missing[@]}"
fi
