//! The guides promise what tests keep: each test that a guide names exists.

use std::fs;

use crate::document::root;

#[test]
fn every_promise_names_a_test_that_exists() {
    let page = fs::read_to_string(root().join("sdk/src/guide/when_a_call_fails.md")).unwrap();
    let (_, promises) = page.split_once("## What is promised").unwrap();
    let mut named = 0;
    for row in promises.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise")) {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let mut words = tests.split('`').skip(1).step_by(2);
        let file = root().join("tests/contract/faults").join(words.next().unwrap());
        let code = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let before = named;
        for test in words {
            let (attributes, _) = code.split_once(&format!("fn {test}()")).unwrap_or_else(|| panic!("no test {test}"));
            let attributes = attributes.rsplit("\n\n").next().unwrap();
            assert!(attributes.contains("test]") || attributes.contains("::test("), "{test} is no test");
            assert!(!attributes.contains("#[ignore"), "{test} is not run");
            named += 1;
        }
        assert!(named > before, "a promise without a test: {row}");
    }
    assert!(named >= 10, "{named} tests are named");
}
