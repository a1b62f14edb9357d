#!/usr/bin/env bash
# Compares Prolific's document with openapi/, and writes two files to a folder: report.txt, and body.md, the text of a pull
# request. `drift.sh DOCUMENT FOLDER`. Fails only if the comparison cannot be made.
#
# The report quotes a document that somebody else writes. It is never printed as it is: GitHub reads commands in a log, and
# markup and mentions in a pull request.
set -euo pipefail
document=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
cd "$(dirname "$0")/../.."
# The report names the document: the same everywhere.
mkdir -p target
cp "$document" target/upstream.yaml

# No line of the log is a command until this word.
resume=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$resume"
status=0
cargo codegen drift --upstream target/upstream.yaml >"$folder/report.txt" || status=$?
echo "::$resume::"

case $status in
    0) verdict="No drift: \`openapi/\` agrees with Prolific's document, apart from \`openapi/accepted-differences.toml\`." ;;
    1) verdict="Drift: Prolific's document differs from \`openapi/\`." ;;
    *)
        echo "::error::cargo codegen drift could not compare the documents (exit status $status)"
        exit "$status"
        ;;
esac

# GitHub takes 65,536 characters. A fence is longer than any in the text, so at worst the text counts three times.
limit=20000
head -c "$limit" "$folder/report.txt" >"$folder/shown.txt"
cut=
if [[ $(wc -c <"$folder/report.txt") -gt $limit ]]; then
    # Up to the end of a line.
    sed -i '$d' "$folder/shown.txt"
    cut="The report is cut here. \`openapi/evidence/drift.txt\` has all of it."
fi
fence=$(awk '{
    while (match($0, /`+/)) { if (RLENGTH > most) most = RLENGTH; $0 = substr($0, RSTART + RLENGTH) }
} END { for (i = 0; i <= (most < 2 ? 2 : most); i++) printf "`" }' "$folder/shown.txt")
{
    printf '%s\n\n%stext\n' "$verdict" "$fence"
    cat "$folder/shown.txt"
    printf '\n%s\n\n%s\n' "$fence" "$cut"
    echo "CONTRIBUTING.md says what to do with it, under \"Releasing\". Merging this records the report as seen."
} >"$folder/body.md"
rm "$folder/shown.txt"
cat "$folder/body.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
