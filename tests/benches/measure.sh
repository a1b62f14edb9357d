#!/usr/bin/env bash
# Measures what depending on the SDK costs, beside the same program by hand with reqwest and serde. Prints a table.
# Needs Rust and Linux; valgrind for instructions and allocations. Two clean release builds: some minutes.
set -euo pipefail
cd "$(dirname "$0")"
work=${BENCH_DIR:-$(mktemp -d)}
programs="by-hand with-sdk"

# build DIR NAME: builds a program in a clean folder of its own; keeps the CPU seconds and the number of crates.
build() {
    rm -rf "$work/target-$2"
    cp -n ../../Cargo.lock "$1/Cargo.lock" 2>/dev/null || true
    (cd "$1" && cargo fetch --quiet)
    TIMEFORMAT='%U %S'
    { time (cd "$1" && CARGO_TARGET_DIR="$work/target-$2" cargo build --release --offline 2> "$work/$2.log"); } \
        2> "$work/$2.time"
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
