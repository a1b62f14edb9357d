//! The public API, as a listing: what users may rely on, and what a release must say if it changes.

use std::collections::BTreeSet;
use std::process::Command;

use crate::document::root;

#[test]
fn the_public_api_is_as_reviewed() {
    // The listing is made from rustdoc's JSON. Its format is not stable, so the compiler has to be asked for it
    // explicitly; rust-toolchain.toml pins the compiler, and `public-api` reads the format of that one. A folder of
    // its own keeps the flags from touching the normal build.
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into).join("public-api");
    let output = Command::new(env!("CARGO"))
        .args([
            "doc",
            "--quiet",
            "--lib",
            "--no-deps",
            "--package",
            "prolific-sdk",
            "--features",
            "schemars,webhooks",
            "--target-dir",
        ])
        .arg(&target)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json --cap-lints allow")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let api = public_api::Builder::from_rustdoc_json(target.join("doc/prolific_sdk.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .unwrap();
    let api = api.to_string();
    insta::assert_snapshot!(api);

    let paths = api.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').filter(|word| word.contains("::"));
    let crates: BTreeSet<_> =
        paths.filter_map(|path| path.split("::").next()).filter(|name| name.starts_with(char::is_lowercase)).collect();
    assert_eq!(
        crates.into_iter().collect::<Vec<_>>(),
        CRATES,
        "the reasons for a crate in a signature are in sdk/src/lib.rs"
    );
}

/// The crates whose types and traits the signatures name.
const CRATES: [&str; 8] = ["alloc", "core", "futures_core", "http", "prolific_sdk", "serde_core", "serde_json", "std"];
