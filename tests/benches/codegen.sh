#!/usr/bin/env bash
# Measures what it costs to check the generated code: `cargo codegen --check` as a release build, for 10, 100 and 1,000
# operations, beside openapi-generator's Rust client for the same document. Prints a table, and fails if a limit is missed.
# Needs Rust, Linux, python3 and Java, and, the first time, PyPI. Takes a minute after the build.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
config=$root/tests/third-party
mkdir -p "${CARGO_TARGET_DIR:-$root/target}/third-party"
target=$(cd "${CARGO_TARGET_DIR:-$root/target}" && pwd)
export CARGO_TARGET_DIR=$target
work=$target/third-party
# shellcheck source=../third-party/install.sh
source "$config/install.sh"
# shellcheck source=../third-party/clients.sh
source "$config/clients.sh"

(cd "$root" && cargo build --release --quiet --package build-tools)
install_from_pypi
jar=$(openapi_generator_jar)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# cost COMMAND...: CPU seconds, user and system, of it and of what it starts, the least of three; and the peak memory of the
# largest process in MiB.
cost() {
    python3 - "$@" <<'EOF'
import resource, subprocess, sys
least = None
for _ in range(3):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    least = min(seconds, least or seconds)
print(f"{least:.2f} {after.ru_maxrss / 1024:.0f}")
EOF
}

missed=
limit() { # WHAT VALUE LIMIT
    awk -v value="$2" -v limit="$3" 'BEGIN { exit !(value <= limit) }' || missed="$missed$1: $2, at most $3; "
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

echo "| operations | CPU seconds | MiB | openapi-generator: CPU seconds | MiB | ratio of CPU | limit |"
echo "|---|---|---|---|---|---|---|"
for operations in 10 100 1000; do
    copy=$scratch/$operations
    "$here/documents.py" "$copy" "$operations"
    (cd "$copy" && env -u CARGO_MANIFEST_DIR "$target/release/build-tools" >/dev/null)
    read -r ours memory < <(cd "$copy" && cost env -u CARGO_MANIFEST_DIR "$target/release/build-tools" --check)
    read -r theirs their_memory < <(cost java -Dlog.level=error -jar "$jar" generate --generator-name rust \
        --input-spec "$copy/sdk/sandbox/openapi.json" --output "$copy/other")
    case $operations in
    10) most=0.05 ;;
    100) most=0.08 ;;
    *) most=0.33 ;;
    esac
    echo "| $operations | $ours | $memory | $theirs | $their_memory | $(ratio "$ours" "$theirs") | at most $most |"
    limit "CPU of $operations operations" "$(ratio "$ours" "$theirs")" $most
    limit "MiB of $operations operations" "$memory" 300
    ((operations == 10)) || limit "growth to $operations operations" "$(ratio "$ours" "$before")" 12
    before=$ours
done
[ -z "$missed" ] || { echo "missed: $missed"; exit 1; }
