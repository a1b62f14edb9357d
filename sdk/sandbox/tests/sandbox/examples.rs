//! Documented examples as values for tests.

use std::io::Result;

use prolific_sandbox::{Sandbox, example};

use crate::http::create;

#[tokio::test]
async fn the_example_of_a_request_is_accepted() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let group = example("CreateParticipantGroup").unwrap();
    assert_eq!(create(&sandbox, &group)?.status, 201, "{group}");
    Ok(())
}

#[test]
fn only_schemas_of_the_document_have_an_example() {
    assert_eq!(example("ParticipantId").as_deref(), Some("\"5e9b9c9b0f9c9a0001b0b1f4\""));
    assert_eq!(example("Unknown"), None);
}
