#!/usr/bin/env bash
# Builds the SDK with each combination of its features, tests it without TLS, and holds those with TLS against the
# tests of failures.
# `native-tls` needs OpenSSL's headers on Linux.
set -euo pipefail
cd "$(dirname "$0")/.."

for tls in "" rustls native-tls rustls,native-tls; do
    for more in "" schemars; do
        features=$(printf '%s,%s' "$tls" "$more" | sed 's/^,//; s/,$//')
        printf '\n== features: %s\n' "${features:-none}"
        cargo clippy --package prolific-sdk --all-targets --no-default-features --features "$features" --locked -- --deny warnings
    done
done

printf '\n== without TLS\n'
cargo test --package prolific-sdk --no-default-features --lib --locked

printf '\n== failures, with both TLS libraries\n'
failures=(faults::responses faults::matrix faults::security faults::tls)
test=(cargo test --package contract-tests --test contract --features prolific-sdk/native-tls --locked --)
# A filter that matches nothing passes.
there=$("${test[@]}" --list)
for module in "${failures[@]}"; do
    grep --quiet "^$module::" <<<"$there" || { echo "There is no test in $module." >&2; exit 1; }
done
"${test[@]}" "${failures[@]}"
