#!/usr/bin/env bash
# Measures what depending on the SDK costs, beside the same program by hand with reqwest and serde. Prints a table.
# Needs Rust and Linux; valgrind for instructions and allocations. Clean builds: a quarter of an hour.
set -euo pipefail
cd "$(dirname "$0")"
work=${BENCH_DIR:-$(mktemp -d)}
programs="by-hand with-sdk"

# build DIR NAME: builds a program in a clean folder of its own; keeps the CPU seconds and the number of crates of a
# development build, and makes a release build for everything else.
build() {
    rm -rf "$work/target-$2"
    cp -n ../../Cargo.lock "$1/Cargo.lock" 2>/dev/null || true
    (cd "$1" && cargo fetch --quiet)
    TIMEFORMAT='%U %S'
    { time (cd "$1" && CARGO_TARGET_DIR="$work/target-$2" cargo build --offline 2> "$work/$2.log"); } 2> "$work/$2.time"
    (cd "$1" && CARGO_TARGET_DIR="$work/target-$2" cargo build --release --offline --quiet)
    awk '{ printf "%.1f\n", $1 + $2 }' "$work/$2.time" > "$work/$2.seconds"
    grep -c '^ *Compiling' "$work/$2.log" > "$work/$2.crates"
    stat -c %s "$work/target-$2/release/$2" > "$work/$2.size"
}

row() { # NAME BY-HAND SDK
    awk -v name="$1" -v hand="$2" -v sdk="$3" \
        'BEGIN { printf "| %s | %s | %s | %.3f |\n", name, hand, sdk, sdk / hand }'
}

build server bench-server
build by-hand by-hand
build sdk with-sdk

"$work/target-bench-server/release/bench-server" > "$work/address" &
server=$!
trap 'kill $server' EXIT
while ! [ -s "$work/address" ]; do sleep 0.1; done
url=http://$(cat "$work/address")
program() { "$work/target-$1/release/$1" "$url" "${@:2}"; }

# The cost of one create is the difference between runs of 100 and of 1,100, so that what happens once does not count.
instructions() {
    local n
    for n in 100 1100; do
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/target-$1/release/$1" "$url" one-by-one $n 2>&1 |
            sed -n 's/.*Collected : //p'
    done | awk '{ counts[NR] = $1 } END { printf "%d", (counts[2] - counts[1]) / 1000 }'
}
allocations() {
    local n
    for n in 100 1100; do
        valgrind --tool=memcheck --leak-check=no "$work/target-$1/release/$1" "$url" one-by-one $n 2>&1 |
            sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' | tr -d ,
    done | awk '{ counts[NR] = $1 } END { printf "%.1f", (counts[2] - counts[1]) / 1000 }'
}
# Creates per second, the best of seven runs: what disturbs a run only makes it slower.
throughput() {
    for _ in 1 2 3 4 5 6 7; do program "$1" at-once 1000; done | awk '{ if ($1 / $2 > best) best = $1 / $2 } END { printf "%d", best }'
}
# Peak memory above the caller's list, in KiB, for a million ids.
memory() {
    program "$1" large 1000000 | awk '{ peak[$1] = $2 } END { print peak["after"] - peak["before"] }'
}

for program in $programs; do
    [ -n "$(command -v valgrind)" ] && instructions $program > "$work/$program.instructions" && allocations $program > "$work/$program.allocations"
    throughput $program > "$work/$program.throughput"
    memory $program > "$work/$program.memory"
done
POOLED=1 instructions by-hand > "$work/by-hand.pooled"

value() { cat "$work/$1.$2"; }
echo
echo "| what | by hand | SDK | ratio |"
echo "|---|---|---|---|"
row "instructions of a create" "$(value by-hand instructions)" "$(value with-sdk instructions)"
row "the same, by hand over a kept connection" "$(value by-hand pooled)" "$(value with-sdk instructions)"
row "allocations of a create" "$(value by-hand allocations)" "$(value with-sdk allocations)"
row "creates per second, 1,000 at once, one thread" "$(value by-hand throughput)" "$(value with-sdk throughput)"
row "CPU seconds of a clean build" "$(value by-hand seconds)" "$(value with-sdk seconds)"
row "crates compiled" "$(value by-hand crates)" "$(value with-sdk crates)"
row "bytes of the stripped program" "$(value by-hand size)" "$(value with-sdk size)"
json=$((1000000 * 27 / 1024))
row "KiB for a create with a million ids, above the list" "$(value by-hand memory)" "$(value with-sdk memory)"
row "the same, beside the size of the JSON" "$json" "$(value with-sdk memory)"

# The peers: what openapi-generator makes of the same document, and Python's requests. Needs Java and Python's venv.
command -v java > /dev/null && python3 -c 'import venv' || { echo "without Java and Python, the peers are left out"; exit 0; }
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet openapi-generator-cli==7.26.0 requests
rm -rf "$work/generated" "$work/peer"
# What the generator makes of a nullable reference as OpenAPI 3.0.3 wants it does not compile: it gets them in another form.
sed -e 's/^\( *\)anyOf:/\1nullable: true\n\1allOf:/' -e '/schemas\/Nothing"/d' -e '/^    Nothing:/,+4d' \
    ../../openapi/prolific.yaml > "$work/document.yaml"
"$work/venv/bin/openapi-generator-cli" generate -i "$work/document.yaml" -g rust -o "$work/generated" \
    --package-name generated > "$work/generator.log" 2>&1
cp -r peer driver.rs "$work"
build "$work/peer" peer
instructions peer > "$work/peer.instructions"
throughput peer > "$work/peer.throughput"
memory peer > "$work/peer.memory"
python() { "$work/venv/bin/python" peer.py "$url" "$@"; }
# Seconds for 1,000 creates one after the other.
seconds() { TIMEFORMAT=%R; { time "$@" > /dev/null; } 2>&1; }
lines() { find "$@" -name '*.rs' -print0 | xargs -0 cat | wc -l; }

echo
echo "| what | SDK | openapi-generator | Python requests |"
echo "|---|---|---|---|"
echo "| instructions of a create | $(value with-sdk instructions) | $(value peer instructions) | |"
echo "| seconds for 1,000 creates, one by one | $(seconds program with-sdk one-by-one 1000) |" \
    "$(seconds program peer one-by-one 1000) | $(seconds python one-by-one 1000) |"
echo "| creates per second, 1,000 at once | $(value with-sdk throughput) | $(value peer throughput) | |"
echo "| KiB for a create with a million ids | $(value with-sdk memory) | $(value peer memory) |" \
    "$(python large 1000000 | awk '{ peak[$1] = $2 } END { print peak["after"] - peak["before"] }') |"
echo "| CPU seconds of a clean build | $(value with-sdk seconds) | $(value peer seconds) | |"
echo "| crates compiled | $(value with-sdk crates) | $(value peer crates) | |"
echo "| bytes of the stripped program | $(value with-sdk size) | $(value peer size) | |"
echo "| lines of generated Rust, docs included | $(lines ../../sdk/src/generated) | $(lines "$work/generated/src") | |"

# What each makes of an answer, and how many requests it sent.
address=${url#http://}
count() { exec 3<> "/dev/tcp/${address%:*}/${address#*:}" && printf 'GET /count HTTP/1.1\r\n\r\n' >&3 && sed -n '/^\r$/{n;p;q}' <&3; }
cell() { printf ' %s (%s sent) |' "$(tr -d '\n|' <<< "$1" | cut -c 1-150)" "$2"; }
echo
echo "| the service answers | SDK | openapi-generator | Python requests | by hand |"
echo "|---|---|---|---|---|"
for answer in null enum html gateway redirect throttle; do
    printf '| %s |' "$answer"
    for program in with-sdk peer python by-hand; do
        count > "$work/null"
        if [ $program = python ]; then
            outcome=$("$work/venv/bin/python" peer.py "$url/$answer" outcome 1)
        else
            outcome=$("$work/target-$program/release/$program" "$url/$answer" outcome 1)
        fi
        cell "$outcome" "$(count)"
    done
    echo
done
