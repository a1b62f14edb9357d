//! How properties are checked: with random values, of which those that failed once are tried first.

use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

/// A runner that prints the seed of a failure, keeps it in `tests/contract/properties/<name>.txt`, and begins with the
/// seeds that are kept there. A failure found elsewhere: copy the line that is printed to that file.
pub fn runner(name: &str, mut config: Config) -> TestRunner {
    let path = format!("{}/contract/properties/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    // Read for as long as the tests run.
    let persistence = FileFailurePersistence::Direct(path.leak());
    config.failure_persistence = Some(Box::new(persistence));
    TestRunner::new(config)
}
