//! `promises.md` names the tests that keep each promise: they exist, and they are run.

use std::fs;

use crate::document::root;

#[test]
fn every_promise_names_a_test_that_exists() {
    let page = fs::read_to_string(root().join("tests/promises.md")).unwrap();
    let mut count = 0;
    for row in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise")) {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let mut code = String::new();
        let mut named = 0;
        for word in tests.split('`').skip(1).step_by(2) {
            if word.contains('/') {
                code = fs::read_to_string(root().join(word)).unwrap_or_else(|error| panic!("{word}: {error}"));
                continue;
            }
            let (before, _) = code.split_once(&format!("fn {word}()")).unwrap_or_else(|| panic!("no test {word}"));
            let attributes = before.rsplit("\n\n").next().unwrap();
            assert!(attributes.contains("test]") || attributes.contains("::test("), "{word} is no test");
            assert!(!attributes.contains("#[ignore"), "{word} is not run");
            named += 1;
        }
        assert!(named > 0, "a promise without a test: {row}");
        count += 1;
    }
    assert!(count > 15, "{count} promises");
}
