#!/usr/bin/env bash
# Measures what depending on the SDK costs, compared with the same program written with reqwest and serde, and with other
# clients. Prints tables, and fails if a limit is missed. Needs Rust, Linux and valgrind; Java and Python for the other clients. Takes
# half an hour, clean builds mostly, and opens some hundred thousand loopback connections.
set -euo pipefail
export LC_ALL=C CARGO_TERM_COLOR=never
work=$(realpath "${BENCH_DIR:-$(mktemp -d)}")
cd "$(dirname "$0")"
command -v valgrind > /dev/null || { echo "valgrind is needed"; exit 1; }
server=
finish() {
    [ -z "$server" ] || kill "$server"
    [ -n "${BENCH_DIR:-}" ] || rm -rf "$work"
}
trap finish EXIT

# build DIR NAME [FLAGS]: makes a program, as a release build.
build() {
    local dir=$1 name=$2
    shift 2
    cp ../../Cargo.lock "$dir/Cargo.lock"
    (cd "$dir" && cargo fetch --quiet && CARGO_TARGET_DIR="$work/target" cargo build --release --offline --quiet "$@")
    cp "$work/target/release/$(basename "$dir")" "$work/$name"
    stat -c %s "$work/$name" > "$work/$name.size"
}
# clean_build DIR NAME [FLAGS]: adds the CPU seconds of a development build in a clean folder, and counts its crates.
clean_build() {
    local dir=$1 name=$2
    shift 2
    rm -rf "$work/target"
    TIMEFORMAT='%U %S'
    { time (cd "$dir" && CARGO_TARGET_DIR="$work/target" cargo build --offline "$@" 2> "$work/$name.log"); } 2>> "$work/$name.times" ||
        { cat "$work/$name.log"; exit 1; }
    awk '{ printf "%.1f\n", $1 + $2 }' "$work/$name.times" | sort -n | head -n 1 > "$work/$name.seconds"
    grep -c '^ *Compiling' "$work/$name.log" > "$work/$name.crates"
}
program() { "$work/$1" "$url" "${@:2}"; }

# The cost of one create is the difference between runs of 100 and of 1,100, so that what happens once does not count.
per_create() { awk '{ counts[NR] = $1 } END { if (NR != 2) exit 1; printf "%.1f", (counts[2] - counts[1]) / 1000 }'; }
instructions() {
    for n in 100 1100; do
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/$1" "$url" one-by-one $n 2>&1 |
            sed -n 's/.*Collected : //p'
    done | per_create
}
allocations() {
    for n in 100 1100; do
        valgrind --tool=memcheck --leak-check=no "$work/$1" "$url" one-by-one $n 2>&1 |
            sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' | tr -d ,
    done | per_create
}
# Creates per second: the median of 61 runs, in turns, since single ones differ by a third.
throughput() {
    rm -f "$work/$1.runs" "$work/$2.runs"
    for _ in {1..61}; do
        program "$1" at-once 1000 >> "$work/$1.runs"
        program "$2" at-once 1000 >> "$work/$2.runs"
        # The other order next time.
        set -- "$2" "$1"
    done
    for name in "$@"; do sort -n "$work/$name.runs" | sed -n 31p > "$work/$name.throughput"; done
}
# Peak memory above the caller's list, in KiB, for a million ids.
memory() { "$@" large 1000000 | awk '{ peak[$1] = $2 } END { above = peak["after"] - peak["before"]; print above; exit above <= 0 }'; }
# Seconds for 1,000 creates, one by one: the median of five runs.
one_by_one() { for _ in {1..5}; do "$@" one-by-one 1000; done | sort -n | sed -n 3p; }

build server server
build hand-written hand-written
build hand-written lean --no-default-features --features lean
build with-sdk with-sdk
# In turns, and the least of three: what disturbs a build only adds to it.
rm -f "$work"/*.times
for _ in 1 2 3; do
    clean_build hand-written hand-written
    clean_build hand-written lean --no-default-features --features lean
    clean_build with-sdk with-sdk
done

rm -f "$work/address"
"$work/server" > "$work/address" &
server=$!
while ! [ -s "$work/address" ]; do kill -0 $server; sleep 0.1; done
url=http://$(cat "$work/address")

for name in hand-written with-sdk; do
    instructions $name > "$work/$name.instructions"
    allocations $name > "$work/$name.allocations"
    POOLED=1 instructions $name > "$work/$name.pooled-instructions"
    POOLED=1 allocations $name > "$work/$name.pooled-allocations"
    memory program $name > "$work/$name.memory"
done
throughput hand-written with-sdk

value() { cat "$work/$1.$2"; }
missed=
row() { # WHAT HAND-WRITTEN SDK [most|least LIMIT]
    awk -v what="$1" -v hand="$2" -v sdk="$3" -v bound="${4:-}" -v limit="${5:-}" 'BEGIN {
        if (hand <= 0 || sdk <= 0) { print "no figure for " what; exit 1 }
        ratio = sdk / hand
        printf "| %s | %s | %s | %.3f | %s |\n", what, hand, sdk, ratio, bound ? "at " bound " " limit : ""
        exit (bound == "most" && ratio > limit) || (bound == "least" && ratio < limit)
    }' || missed="$missed$1; "
}
echo
echo "| what | hand-written | SDK | ratio | limit |"
echo "|---|---|---|---|---|"
row "instructions of a create, on a connection of its own" "$(value hand-written instructions)" "$(value with-sdk instructions)" most 0.95
row "instructions of a create, on a reused connection" "$(value hand-written pooled-instructions)" "$(value with-sdk pooled-instructions)" most 1
row "allocations of a create, on a connection of its own" "$(value hand-written allocations)" "$(value with-sdk allocations)" most 1
row "allocations of a create, on a reused connection" "$(value hand-written pooled-allocations)" "$(value with-sdk pooled-allocations)" most 1
row "creates per second, 1,000 at once, one thread" "$(value hand-written throughput)" "$(value with-sdk throughput)" least 0.98
row "CPU seconds of a clean build" "$(value hand-written seconds)" "$(value with-sdk seconds)" most 0.95
row "the same, with picked features" "$(value lean seconds)" "$(value with-sdk seconds)"
row "crates compiled" "$(value hand-written crates)" "$(value with-sdk crates)" most 0.95
row "the same, with picked features" "$(value lean crates)" "$(value with-sdk crates)"
row "bytes of the stripped program" "$(value hand-written size)" "$(value with-sdk size)" most 1.05
row "the same, with picked features" "$(value lean size)" "$(value with-sdk size)"
row "KiB for a create with a million ids, above the list" "$(value hand-written memory)" "$(value with-sdk memory)"
row "the same, beside the size of the JSON" "$((1000000 * 27 / 1024))" "$(value with-sdk memory)" most 2

end() { [ -z "$missed" ] || { printf '\nmissed: %s\n' "$missed"; exit 1; }; }

# The other clients: what openapi-generator makes of the same document, and Python's requests.
command -v java > /dev/null && python3 -c 'import ensurepip' || { echo "without Java and Python, the others are left out"; end; exit; }
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet openapi-generator-cli==7.26.0 requests
rm -rf "$work/sources" && mkdir "$work/sources"
"$work/venv/bin/openapi-generator-cli" generate -i ../../sdk/sandbox/openapi.json -g rust -o "$work/sources/generated" \
    --package-name generated > "$work/generator.log" 2>&1
cp -r peer driver.rs "$work/sources"
build "$work/sources/peer" peer
for _ in 1 2 3; do clean_build "$work/sources/peer" peer; done
instructions peer > "$work/peer.instructions"
throughput peer with-sdk
memory program peer > "$work/peer.memory"
python() { "$work/venv/bin/python" peer.py "$url" "$@"; }
lines() { find "$@" -name '*.rs' -not -path '*/src/*tests*' -not -name raw_server.rs -print0 | xargs -0 cat | wc -l; }

sdk_seconds=$(one_by_one program with-sdk)
peer_seconds=$(one_by_one program peer)
python_seconds=$(one_by_one python)
python_memory=$(memory python)
echo
echo "| what | SDK | openapi-generator | Python requests |"
echo "|---|---|---|---|"
echo "| instructions of a create | $(value with-sdk instructions) | $(value peer instructions) | |"
echo "| seconds for 1,000 creates, one by one | $sdk_seconds | $peer_seconds | $python_seconds |"
echo "| creates per second, 1,000 at once | $(value with-sdk throughput) | $(value peer throughput) | |"
echo "| KiB for a create with a million ids | $(value with-sdk memory) | $(value peer memory) | $python_memory |"
echo "| CPU seconds of a clean build | $(value with-sdk seconds) | $(value peer seconds) | |"
echo "| crates compiled | $(value with-sdk crates) | $(value peer crates) | |"
echo "| bytes of the stripped program | $(value with-sdk size) | $(value peer size) | |"
echo "| lines of Rust that are generated | $(lines ../../sdk/src/generated) | $(lines "$work/sources/generated/src") | |"
echo "| lines of Rust in all | $(lines ../../sdk/src) | $(lines "$work/sources/generated/src") | |"

# How each handles a response, and how many requests it sent.
address=${url#http://}
count() { exec 3<> "/dev/tcp/${address%:*}/${address#*:}" && printf 'GET /count HTTP/1.1\r\n\r\n' >&3 && sed -n '/^\r$/{n;p;q}' <&3; }
echo
echo "| the service responds | SDK | openapi-generator | Python requests | hand-written |"
echo "|---|---|---|---|---|"
for response in null enum html gateway redirect throttle; do
    printf '| %s |' "$response"
    for client in "program with-sdk" "program peer" python "program hand-written"; do
        count > "$work/null"
        outcome=$(url=$url/$response; $client outcome 1 | tr -d '\n|' | cut -c 1-150)
        printf ' %s (%s sent) |' "$outcome" "$(count)"
    done
    echo
done
end
