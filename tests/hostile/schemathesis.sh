#!/usr/bin/env bash
# Throws what schemathesis makes of the OpenAPI document at the sandbox: valid, invalid and chained requests. Ends with
# its status. What the run tolerates, and why, stands in schemathesis.toml and nowhere else. What it reports as skipped
# are the examples of an operation without input, and the further requests that a check makes for itself.
#
# Needs python3 with venv. SANDBOX_BINARY is a sandbox that is built already; MAX_EXAMPLES and SEED make another run.
set -euo pipefail

version=4.32.5
token=hostile-tests

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
work=$target/schemathesis-$version

if [[ -z ${SANDBOX_BINARY:-} ]]; then
    (cd "$root" && cargo build --locked --package prolific-sandbox)
    SANDBOX_BINARY=$target/debug/prolific-sandbox
fi

if [[ ! -x $work/bin/schemathesis ]]; then
    python3 -m venv "$work"
    "$work/bin/pip" install --quiet "schemathesis==$version"
fi

# The sandbox takes a free port, and says which once it is ready.
exec {output}< <(exec "$SANDBOX_BINARY" --token "$token" --seed "$here/seed.json")
sandbox=$!
trap 'kill "$sandbox" 2>/dev/null || true' EXIT
url=
while read -r line <&"$output"; do
    case $line in
    "export PROLIFIC_URL="*) url=${line#*=} ;;
    "export PROLIFIC_TOKEN="*) break ;;
    esac
done
[[ -n $url ]] || { echo "The sandbox did not start." >&2; exit 1; }

# It leaves its notes where it runs.
cd "$work"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here SCHEMATHESIS_HOOKS=hooks
bin/schemathesis --config-file "$here/schemathesis.toml" run "$root/sdk/sandbox/openapi.json" \
    --url "$url" --header "Authorization: Token $token" --max-examples "${MAX_EXAMPLES:-100}" --seed "${SEED:-1}" \
    --continue-on-failure --report ndjson --report-ndjson-path report.ndjson
# And the sandbox is still there.
kill -0 "$sandbox"
