#!/usr/bin/env bash
# Calls all operations that change something through a proxy that loses, cuts and rejects, and compares what is reported
# with what the service did. For five minutes, or as many seconds as are given: `tests/soak.sh 600`.
set -euo pipefail
cd "$(dirname "$0")/.."
SOAK_SECONDS=${1:-300} cargo test --release --package contract-tests --test contract --locked -- \
    --ignored --exact --nocapture faults::soak::soak
