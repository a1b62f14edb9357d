#!/usr/bin/env bash
# The OpenAPI document as others read it: two linters, which may find nothing, and a mock server that serves its examples,
# against which the contract tests run. All three run, whatever the others find; it fails if one of them does. What the
# linters do not look at, and why, stands in third-party/redocly.yaml and third-party/spectral.yaml and nowhere else.
#
# Needs node and npm, and says so if they are not there. Once the tools are installed, it needs no network. DOCUMENT is
# another document; the contract tests still expect the examples of ours.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
config=$here/third-party
target=${CARGO_TARGET_DIR:-$root/target}
work=$target/third-party
bin=$work/node_modules/.bin
document=$(realpath "${DOCUMENT:-$root/openapi/prolific.yaml}")

for command in node npm; do
    if ! type -P "$command" >/dev/null; then
        echo "SKIPPED: there is no $command, so neither linter and no mock server looked at the document."
        exit 0
    fi
done

# Nothing is told to the tools' makers, and no colour gets into what is read from their output.
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true REDOCLY_SUPPRESS_NOTIFICATIONS=true SCARF_ANALYTICS=false
export NO_COLOR=1
unset FORCE_COLOR

# Installed under the target folder, so that none of it appears in the tree. The copy of what was asked for is made last:
# without it the installation is not complete.
mkdir -p "$work"
cat "$config"/{.npmrc,package.json,package-lock.json} >"$work/wanted"
if ! cmp --silent "$work/wanted" "$work/node_modules/installed"; then
    cp "$config"/{.npmrc,package.json,package-lock.json} "$work"
    (cd "$work" && npm ci --loglevel error)
    cp "$work/wanted" "$work/node_modules/installed"
fi

failed=0
# Runs a check, and shows what was said if it fails.
check() {
    local name=$1 package=$2 version log=$work/$1.log
    version=$(node -p "require('$config/package.json').dependencies['$package']")
    shift 2
    if "$@" >"$log" 2>&1; then
        echo "ok    $name $version: $(summary "$name" "$log")"
    else
        cat "$log"
        echo "FAIL  $name $version"
        failed=1
    fi
}

summary() {
    case $1 in
    prism) sed -n 's/^test result: ok\. \([0-9]*\) passed.*/\1 contract tests passed/p' "$2" ;;
    *) echo "nothing found" ;;
    esac
}

mock=
trap '[[ -z $mock ]] || kill "$mock" 2>/dev/null || true' EXIT

contract_tests() {
    local line url='' output drain status passed requests
    # It takes a free port, and says which once it listens.
    exec {output}< <(exec "$bin/prism" mock --host 127.0.0.1 --port 0 "$document" 2>&1)
    mock=$!
    while read -r -t 60 line <&"$output"; do
        echo "$line"
        case $line in
        *"Prism is listening on "*) url=${line##* } && break ;;
        esac
    done
    [[ -n $url ]] || { echo "The mock server did not start." && return 1; }
    # A pipe that nobody reads would fill up and stop it.
    cat <&"$output" >"$work/requests.log" &
    drain=$!

    status=0
    (cd "$root" && CONTRACT_URL=$url cargo test --locked --package contract-tests --test contract generated::) 2>&1 |
        tee "$work/tests.log" || status=$?
    kill "$mock"
    mock=
    wait "$drain"
    exec {output}<&-
    ((status == 0)) || { cat "$work/requests.log" && return "$status"; }

    # A filter that matches nothing passes, and so do tests that call somebody else.
    passed=$(sed -n 's/^test result: ok\. \([0-9]*\) passed.*/\1/p' "$work/tests.log")
    requests=$(grep --count 'Request received' "$work/requests.log" || true)
    ((passed > 0 && requests >= passed)) || { echo "$passed tests passed, with $requests requests." && return 1; }
}

# From here, since the linters also read what they find in the folder where they run.
cd "$config"
check redocly @redocly/cli "$bin/redocly" lint --config "$config/redocly.yaml" --format stylish "$document"
check spectral @stoplight/spectral-cli "$bin/spectral" lint --ruleset "$config/spectral.yaml" --fail-severity hint \
    --fail-on-unmatched-globs "$document"
check prism @stoplight/prism-cli contract_tests
exit "$failed"
