//! Failures that are ordered, and examples.

use std::io::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};

use prolific_sandbox::{Sandbox, example};

use crate::http::{GROUPS, create, read, send};

const GROUP: &str = r#"{"name": "A", "workspace_id": "w1"}"#;

#[tokio::test]
async fn ordered_failures_come_in_their_order_and_change_nothing() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.fail_next(429);
    sandbox.pass_next();
    sandbox.fail_next(503);
    sandbox.fail_next(400);
    for status in [429, 201, 503, 400, 201] {
        assert_eq!(create(&sandbox, GROUP)?.status, status);
    }
    let list = read(&sandbox, "list_participant_groups", "?workspace_id=w1")?;
    assert_eq!(list["results"].as_array().map(Vec::len), Some(2));
    let statuses: Vec<_> = sandbox.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [429, 201, 503, 400, 201, 200], "failures are recorded as well");
    Ok(())
}

#[tokio::test]
async fn a_request_whose_answer_is_lost_was_performed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.lose_next_answer();
    assert_eq!(create(&sandbox, GROUP)?.status, 502);
    let list = read(&sandbox, "list_participant_groups", "?workspace_id=w1")?;
    assert_eq!(list["results"].as_array().map(Vec::len), Some(1), "{GROUPS}");
    Ok(())
}

#[tokio::test]
async fn what_is_no_status_of_failure_is_refused() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for status in [0, 99, 200, 304, 399, 600, 65_535] {
        let ordered = catch_unwind(AssertUnwindSafe(|| sandbox.fail_next(status)));
        let message = *ordered.unwrap_err().downcast::<String>().unwrap();
        assert_eq!(message, format!("{status} is not a status of failure: give one of 400 to 599"));
    }
    assert_eq!(create(&sandbox, GROUP)?.status, 201, "none was kept");
    Ok(())
}

#[tokio::test]
async fn an_order_holds_for_whichever_request_comes_next() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.fail_next(503);
    assert_eq!(send(sandbox.url(), &["GET /nothing/here/"], b"")?.status, 503);
    Ok(())
}

#[tokio::test]
async fn the_example_of_a_request_is_accepted() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let group = example("CreateParticipantGroup").unwrap();
    let answer = create(&sandbox, &group)?;
    assert_eq!(answer.status, 201, "{group}");
    Ok(())
}

#[test]
fn only_schemas_of_the_document_have_an_example() {
    assert_eq!(example("ParticipantId").as_deref(), Some("\"5e9b9c9b0f9c9a0001b0b1f4\""));
    assert_eq!(example("Unknown"), None);
}
