#!/usr/bin/env bash
# Packages the crates as they would be published, unpacks them away from the workspace, and runs `cargo test` in each:
# with unit tests, examples and doctests. It fails if a file is missing from a package, and if a test reaches outside.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
crates=(prolific-sandbox prolific-sdk)

cd "$root"
# The toolchain of the workspace, whose file is not found from elsewhere.
if type -P rustup >/dev/null; then
    RUSTUP_TOOLCHAIN=$(rustup show active-toolchain | sed 's/ .*//')
    export RUSTUP_TOOLCHAIN
fi
export CARGO_TARGET_DIR=$target

# Uncommitted changes are tested too. That the packages compile is what the tests show.
rm -rf "$target/package"
cargo package --allow-dirty --no-verify --locked "${crates[@]/#/--package=}"

unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
for crate in "${crates[@]}"; do
    mkdir "$unpacked/$crate"
    # Touched, since a package has old dates on its files, which cargo takes for unchanged ones.
    tar -xzm --strip-components 1 -C "$unpacked/$crate" -f "$target/package/$crate"-[0-9]*.crate
done

for crate in "${crates[@]}"; do
    printf '\n== %s, %s files\n' "$crate" "$(find "$unpacked/$crate" -type f | wc -l)"
    # The SDK tests itself with a sandbox of the same version, which is not published before it.
    (cd "$unpacked/$crate" && cargo test --config "patch.crates-io.prolific-sandbox.path='$unpacked/prolific-sandbox'")
done
