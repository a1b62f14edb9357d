#!/usr/bin/env bash
# Runs the programs of the page that shows the sandbox from any language, as they stand there, against the binary, and
# compares what they print with the page. Needs curl, python3 with `requests`, and node, and skips what is missing. A node
# before 22.18 does not run TypeScript; the types are then taken away by esbuild, which comes from npm.
set -euo pipefail
cd "$(dirname "$0")/.."

page=sdk/sandbox/src/any_language.md
work=$(mktemp -d)
cargo build --quiet --package prolific-sandbox
"${CARGO_TARGET_DIR:-target}/debug/prolific-sandbox" --clock still --log none >"$work/started" &
sandbox=$!
trap 'kill "$sandbox"; rm -r "$work"' EXIT
for _ in $(seq 100); do
    [[ $(wc -l <"$work/started") -ge 3 ]] && break
    sleep 0.1
done
# The lines that the page tells to run.
eval "$(grep '^export ' "$work/started")"

# block LANGUAGE: the first block of the page in this language, from its heading on.
block() {
    awk -v start="\`\`\`$1" '$0 == start { inside = 1; next } inside && $0 == "```" { exit } inside' "$page"
}

# expected LANGUAGE: the block of text that follows it.
expected() {
    awk -v start="\`\`\`$1" '$0 == start { seen = 1 } seen && $0 == "```text" { inside = 1; next }
        inside && $0 == "```" { exit } inside' "$page"
}

failed=0
# check LANGUAGE COMMAND...: the program prints what the page says, at least at its end.
check() {
    local language=$1 lines
    shift
    lines=$(expected "$language" | wc -l)
    if "$@" >"$work/out" 2>"$work/err" && diff <(expected "$language") <(tail -n "$lines" "$work/out"); then
        echo "ok    $language"
    else
        cat "$work/out" "$work/err"
        echo "FAIL  $language"
        failed=1
    fi
}

block sh >"$work/page.sh"
block python >"$work/page.py"
block typescript >"$work/page.mts"

if type -P curl >/dev/null; then
    check sh sh -e "$work/page.sh"
else
    echo "SKIPPED sh: there is no curl"
fi
if python3 -c 'import requests' 2>/dev/null; then
    check python python3 "$work/page.py"
else
    echo "SKIPPED python: there is no python3 with requests"
fi
if ! type -P node >/dev/null; then
    echo "SKIPPED typescript: there is no node"
elif node -e 'process.exit(process.features.typescript ? 0 : 1)'; then
    check typescript node "$work/page.mts"
elif npm exec --yes --package=esbuild@0.25 -- esbuild --log-level=error --target=es2022 --outfile="$work/page.mjs" "$work/page.mts"; then
    check typescript node "$work/page.mjs"
else
    echo "SKIPPED typescript: node is too old, and there is no esbuild"
fi
exit "$failed"
