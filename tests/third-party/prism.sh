# The contract tests against prism, a mock server that serves the document's examples.
# shellcheck shell=bash
# shellcheck disable=SC2154 # It shares its variables with the script that reads it.

contract_tests() {
    local line url='' output mock drain status passed requests
    install_from_npm
    # It takes a free port, and says which once it listens.
    exec {output}< <(exec "$bin/prism" mock --host 127.0.0.1 --port 0 "$document" 2>&1)
    mock=$!
    # shellcheck disable=SC2064 # This process, now.
    trap "kill $mock 2>/dev/null || true" EXIT
    while read -r -t 60 line <&"$output"; do
        echo "$line"
        case $line in
        *"Prism is listening on "*) url=${line##* } && break ;;
        esac
    done
    [[ -n $url ]] || { echo "The mock server did not start." && return 1; }
    # A pipe that nobody reads would fill up and stop it.
    cat <&"$output" >"$work/requests.log" &
    drain=$!

    status=0
    (cd "$root" && CONTRACT_URL=$url cargo test --locked --package contract-tests --test contract generated::) 2>&1 |
        tee "$work/tests.log" || status=$?
    kill "$mock"
    wait "$drain"
    exec {output}<&-
    ((status == 0)) || { cat "$work/requests.log" && return "$status"; }

    # A filter that matches nothing passes, and so do tests that call somebody else.
    passed=$(sed -n 's/^test result: ok\. \([0-9]*\) passed.*/\1/p' "$work/tests.log")
    requests=$(grep --count 'Request received' "$work/requests.log" || true)
    ((passed > 0 && requests >= passed)) || { echo "$passed tests passed, with $requests requests." && return 1; }
    echo "$passed contract tests passed"
}
