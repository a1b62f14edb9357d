//! Faults as text and as JSON.

use std::time::Duration;

use prolific_sandbox::Fault;
use serde_json::json;

fn problem(text: &str) -> String {
    text.parse::<Fault>().err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn a_text_is_the_fault_that_the_methods_make() {
    let seconds = Duration::from_secs_f64;
    let cases = [
        ("503", Fault::status(503)),
        ("503:every", Fault::status(503).every()),
        ("429:nth=3:retry-after=2", Fault::status(429).retry_after(seconds(1.5)).nth(3)),
        ("502:users_me:performed:delay=0.5", Fault::status(502).performed().on("users_me").delayed(seconds(0.5))),
        ("lost-response:participant_groups_create", Fault::lost_response().on("participant_groups_create")),
        ("reset", Fault::reset()),
        ("close-unread", Fault::close_unread()),
        ("cut-body", Fault::cut_body()),
        ("stalled-body", Fault::stalled_body()),
        ("delay=0.25:every", Fault::delay(seconds(0.25)).every()),
    ];
    for (text, fault) in cases {
        let read: Fault = text.parse().unwrap();
        let json = serde_json::to_string(&fault).unwrap();
        let again: Fault = json.parse().unwrap();
        assert_eq!(
            (fault.to_string().as_str(), read.to_string().as_str(), again.to_string().as_str()),
            (text, text, text)
        );
        assert_eq!((format!("{read:?}"), format!("{again:?}")), (format!("{fault:?}"), format!("{fault:?}")));
    }
}

#[test]
fn parts_of_a_text_are_in_any_order() {
    let fault: Fault = "503:every:users_me".parse().unwrap();
    assert_eq!(fault.to_string(), "503:users_me:every");
}

#[test]
fn json_has_everything_that_the_methods_can_do() {
    let fault = Fault::status(429)
        .header("X-A", "1")
        .header("X-A", "2")
        .retry_after(Duration::from_secs(3))
        .body("application/octet-stream", [0xff, 0x00])
        .performed()
        .delayed(Duration::from_millis(500))
        .on("users_me")
        .nth(2);
    let expected = json!({
        "kind": "status", "status": 429,
        "headers": [
            {"name": "x-a", "value": "1"}, {"name": "x-a", "value": "2"}, {"name": "retry-after", "value": "3"},
        ],
        "body": {"content_type": "application/octet-stream", "base64": "/wA="},
        "performed": true, "delay_seconds": 0.5, "operation": "users_me", "nth": 2,
    });
    let json = serde_json::to_value(&fault).unwrap();
    assert_eq!(json, expected);
    let again: Fault = serde_json::from_value(json).unwrap();
    assert_eq!(format!("{again:?}"), format!("{fault:?}"));
}

#[test]
fn a_mistake_in_a_text_says_what_is_possible() {
    for (text, part) in [
        ("", "`` is no fault: use a status from 200 to 599, lost-response"),
        ("lost", "`lost` is no fault"),
        ("700", "700 is not the status of a complete response"),
        ("503:often", "`often` is none of every, performed, nth=N"),
        ("503:often", "use one of "),
        ("503:nth=x", "`x` in `nth=x` is not a number"),
        ("503:nth=0", "requests are counted from 1"),
        ("503:every:nth=2", "not both"),
        ("503:delay=-1", "`-1` is not a number of seconds"),
        ("delay=soon", "`soon` is not a number of seconds"),
        ("reset:retry-after=1", "`retry_after` can only be used with Fault::status()"),
        ("close-unread:performed", "none can be performed"),
        (r#"{"status": 503"#, "EOF while parsing"),
        (r#"{"state": 503}"#, "unknown field `state`"),
    ] {
        let problem = problem(text);
        assert!(problem.contains(part), "{text}: {problem}");
    }
}
