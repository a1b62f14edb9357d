#!/usr/bin/env bash
# The OpenAPI document as others read it: two linters, which may find nothing; a mock server that serves its examples,
# against which the contract tests run; and generators, whose clients are compiled or imported and read null wherever the
# document has a nullable reference. Everything runs, whatever the rest finds; it fails if one of them does. What the
# linters do not look at, and why, stands in third-party/redocly.yaml and third-party/spectral.yaml and nowhere else.
#
# Needs node, python3 and a JDK, and skips what it has no program for. Once the tools and the crates are installed, it
# needs no network. DOCUMENT is another document; the contract tests and the readers still expect the API of ours.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
config=$here/third-party
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "$target/third-party"
work=$(cd "$target/third-party" && pwd)
document=$(realpath "${DOCUMENT:-$root/sdk/sandbox/openapi.json}")

source "$here/third-party/install.sh"
source "$here/third-party/prism.sh"
source "$here/third-party/clients.sh"

failed=0
# check NAME PACKAGE PROGRAMS COMMAND...: runs the command, and shows what was said if it fails. Its last line is the
# summary. PACKAGE is whose version is shown, and PROGRAMS are what the machine must have.
check() {
    local name=$1 package=$2 programs=$3 version program status log=$work/$1.log
    version=$(sed -n "s|^ *\"$package\": \"\(.*\)\".*|\1|p; s|^$package==||p" "$config"/{package.json,requirements.txt})
    for program in $programs; do
        type -P "$program" >/dev/null || { echo "SKIPPED $name $version: there is no $program" && return; }
    done
    shift 3
    # Not as the condition of an `if`, where errors in the middle of a function pass.
    set +e
    (set -e && "$@") >"$log" 2>&1
    status=$?
    set -e
    if ((status == 0)); then
        echo "ok    $name $version: $(tail -n 1 "$log")"
    else
        cat "$log"
        echo "FAIL  $name $version"
        failed=1
    fi
}

# shellcheck disable=SC2329 # `check` calls it.
lint() {
    install_from_npm
    "$bin/$1" lint "${@:2}" "$document"
    echo "nothing found"
}

# From here, since the linters also read what they find in the folder where they run.
cd "$config"
check redocly @redocly/cli "node npm" lint redocly --config "$config/redocly.yaml" --format stylish
check spectral @stoplight/spectral-cli "node npm" lint spectral --ruleset "$config/spectral.yaml" --fail-severity hint \
    --fail-on-unmatched-globs
check prism @stoplight/prism-cli "node npm cargo" contract_tests

# Each of these is a generator of openapi-generator.
check python openapi-generator-cli "python3 java" python_client
check java openapi-generator-cli "python3 java javac" java_client
check rust openapi-generator-cli "python3 java cargo" rust_client
check typescript-fetch openapi-generator-cli "python3 java node npm" typescript_fetch_client

check openapi-python-client openapi-python-client "python3" openapi_python_client
check openapi-typescript openapi-typescript "node npm" openapi_typescript_client
check openapi-ts @hey-api/openapi-ts "node npm" openapi_ts_client
exit "$failed"
