#!/usr/bin/env bash
# Builds the SDK with each combination of its features, tests it without TLS, and holds those with TLS against the
# tests of failures.
# `native-tls` needs OpenSSL's headers on Linux.
set -euo pipefail
cd "$(dirname "$0")/.."

for tls in client rustls native-tls rustls,native-tls; do
    for more in "" schemars webhooks; do
        features=$(printf '%s,%s' "$tls" "$more" | sed 's/,$//')
        printf '\n== features: %s\n' "$features"
        cargo clippy --package prolific-sdk --all-targets --no-default-features --features "$features" --locked -- --deny warnings
    done
done

# The examples and the docs' programs need the client.
for features in "" schemars webhooks schemars,webhooks; do
    printf '\n== without the client, features: %s\n' "${features:-none}"
    cargo clippy --package prolific-sdk --lib --no-default-features --features "$features" --locked -- --deny warnings
    RUSTDOCFLAGS='--deny warnings' cargo doc --package prolific-sdk --no-deps --no-default-features --features "$features" --locked
done
for crate in reqwest hyper tokio rustls; do
    ! cargo tree --package prolific-sdk --edges normal --no-default-features --features webhooks --locked --prefix none |
        grep "^$crate v" || { echo "A receiver needs $crate." >&2; exit 1; }
done

printf '\n== without TLS\n'
cargo test --package prolific-sdk --no-default-features --features client,webhooks --lib --locked

printf '\n== failures, with both TLS libraries\n'
failures=(faults::responses faults::matrix faults::security faults::tls)
test=(cargo test --package contract-tests --test contract --features prolific-sdk/native-tls --locked --)
# A filter that matches nothing passes.
there=$("${test[@]}" --list)
for module in "${failures[@]}"; do
    grep --quiet "^$module::" <<<"$there" || { echo "There is no test in $module." >&2; exit 1; }
done
"${test[@]}" "${failures[@]}"
