# Clients that other generators make of the document: each is generated, compiled or imported, and reads
# clients/nulls.json, which has null wherever the document has a nullable reference.
# shellcheck shell=bash
# shellcheck disable=SC2154 # It shares its variables with the script that reads it.

clients=$config/clients

# generate GENERATOR FOLDER [OPTION...]: a client of openapi-generator, in a folder of $out. Its package on PyPI brings the
# program, where the one on npm downloads it.
generate() {
    local jar
    install_from_pypi
    jar=$(openapi_generator_jar)
    java -Dlog.level=warn -jar "$jar" generate --generator-name "$1" --input-spec "$document" --output "$out/$2" "${@:3}"
}

openapi_generator_jar() {
    "$venv/bin/python" -c 'from importlib.resources import files
print(files("openapi_generator_cli") / "openapi-generator.jar")'
}

# new NAME: an empty folder $out for a client.
new() {
    out=$work/clients/$1
    rm -rf "$out"
    mkdir -p "$out"
}

python_client() {
    new python
    generate python .
    import_python
}

openapi_python_client() {
    new openapi-python-client
    install_from_pypi
    # It calls ruff when it is done.
    PATH=$venv/bin:$PATH openapi-python-client generate --path "$document" --meta none --fail-on-warning \
        --output-path "$out/openapi_client"
    import_python
}

import_python() {
    PYTHONPATH=$out "$venv/bin/python" "$clients/python.py" "$clients/nulls.json"
}

# The library `native` needs what the JDK has, and Jackson, which is in openapi-generator itself. With the default library
# the document works as it is; `native` writes no valid Java for a `oneOf` with an array or a map, as in ApiErrorDetail.
java_client() {
    local jar
    new java
    generate java . --library native --additional-properties openApiNullable=false --schema-mappings ApiErrorDetail=Object
    jar=$(openapi_generator_jar)
    find "$out/src/main" "$clients/java" -name '*.java' -print0 |
        xargs -0 javac -proc:none -Xlint:-options -d "$out/classes" -classpath "$jar"
    java -classpath "$out/classes:$jar" Nulls "$clients/nulls.json"
    echo "$(find "$out/src/main" -name '*.java' | wc -l) files compiled, null references read"
}

# Without TLS, which says nothing about the document. The versions of its dependencies are those of clients/rust/Cargo.lock.
rust_client() {
    new rust
    generate rust . --additional-properties packageVersion=0.0.0
    cp "$clients/rust/Cargo.lock" "$out"
    mkdir "$out/tests"
    cp "$clients/rust/nulls.rs" "$clients/nulls.json" "$out/tests"
    # It stands below our workspace, and is no part of it.
    printf '\n[workspace]\n' >>"$out/Cargo.toml"
    (cd "$out" && CARGO_TARGET_DIR=$work/rust-target cargo test --locked --no-default-features --test nulls) 2>&1 |
        tee "$out/tests.log"
    grep --quiet '^test result: ok\. 1 passed' "$out/tests.log"
    echo "$(find "$out/src" -name '*.rs' | wc -l) files compiled, null references read"
}

typescript_fetch_client() {
    new typescript-fetch
    install_from_npm
    generate typescript-fetch client
    compile_typescript
}

openapi_typescript_client() {
    new openapi-typescript
    install_from_npm
    # Not here, where it finds the linter's configuration and lints.
    (cd "$out" && "$bin/openapi-typescript" "$document" --output client.ts)
    compile_typescript
}

openapi_ts_client() {
    new openapi-ts
    install_from_npm
    "$bin/openapi-ts" --input "$document" --output "$out/client" --no-log-file
    compile_typescript
}

compile_typescript() {
    cp "$clients/typescript/$(basename "$out").ts" "$out/nulls.ts"
    cp "$clients/nulls.json" "$clients/typescript/tsconfig.json" "$out"
    "$bin/tsc" --project "$out"
    echo "$(find "$out" -name '*.ts' | wc -l) files compiled, with null references"
}
