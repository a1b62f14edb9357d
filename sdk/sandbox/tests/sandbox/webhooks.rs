//! Webhooks, as a program and its receiver meet them.

use std::io::Result;
use std::time::{Duration, Instant, SystemTime};

use prolific_sandbox::{Builder, Quirk, Sandbox, Seed, SeedStudy, check_response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::timeout;

use crate::http::{PATIENCE, Response, send};
use crate::receiver::{Delivery, Receiver};

const SUBSCRIPTIONS: &str = "/api/v1/hooks/subscriptions/";
const SUBMISSIONS: &str = "submission.status.change";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Performs an operation on webhooks. A success has the documented form.
#[track_caller]
fn call(sandbox: &Sandbox, operation: &str, path: &str, body: &Value) -> Result<Response> {
    let method = match operation.split('_').next() {
        Some("create" | "confirm") => "POST",
        Some("update") => "PATCH",
        Some("delete") => "DELETE",
        _ => "GET",
    };
    let token = format!("Authorization: Token {}", sandbox.token());
    let head = [&format!("{method} {path}"), &token, "Content-Type: application/json"];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let response = send(sandbox.url(), &head, body.as_bytes())?;
    let checked = check_response(&format!("webhooks_{operation}"), response.status, &response.body);
    assert_eq!(checked, Ok(()), "{response:?}");
    Ok(response)
}

fn create_secret(sandbox: &Sandbox) -> Result<String> {
    let created = call(sandbox, "create_secret", "/api/v1/hooks/secrets/", &json!({"workspace_id": "w1"}))?;
    Ok(created.json()["value"].as_str().unwrap().to_owned())
}

fn create(sandbox: &Sandbox, event_type: &str, url: &str) -> Result<Response> {
    let body = json!({"workspace_id": "w1", "event_type": event_type, "target_url": url});
    call(sandbox, "create_subscription", SUBSCRIPTIONS, &body)
}

/// The path of the subscription that a response is about.
fn path(created: &Response) -> String {
    format!("{SUBSCRIPTIONS}{}/", created.json()["id"].as_str().unwrap())
}

fn hook_secret(created: &Response) -> &str {
    created.head.lines().find_map(|line| line.strip_prefix("x-hook-secret: ")).unwrap()
}

fn confirm(sandbox: &Sandbox, created: &Response) -> Result<Response> {
    call(sandbox, "confirm_subscription", &path(created), &json!({"secret": hook_secret(created)}))
}

/// Subscribes, confirms, and returns the path of the subscription.
fn subscribe(sandbox: &Sandbox, event_type: &str, url: &str) -> Result<String> {
    let created = create(sandbox, event_type, url)?;
    confirm(sandbox, &created)?;
    Ok(path(&created))
}

fn is_enabled(sandbox: &Sandbox, path: &str) -> Result<bool> {
    Ok(call(sandbox, "get_subscription", path, &Value::Null)?.json()["is_enabled"] == true)
}

/// The events of a subscription.
fn log(sandbox: &Sandbox, subscription: &str) -> Result<Value> {
    Ok(call(sandbox, "list_events", &format!("{subscription}events/"), &Value::Null)?.json()["results"].clone())
}

fn builder() -> Builder {
    let study = SeedStudy::new("Naming colours").id("s1").places(100).published();
    Sandbox::builder().seed(Seed::new().workspace("w1", "Lab").workspace("w2", "Other").study(study))
}

/// A sandbox whose events of submissions come to a receiver, the secret, and the path of the subscription.
async fn connected(builder: Builder) -> Result<(Sandbox, Receiver, String, String)> {
    let (sandbox, receiver) = (builder.start().await?, Receiver::start().await?);
    let secret = create_secret(&sandbox)?;
    let subscription = subscribe(&sandbox, SUBMISSIONS, &receiver.url)?;
    Ok((sandbox, receiver, secret, subscription))
}

fn ids(deliveries: &[Delivery]) -> Vec<&str> {
    deliveries.iter().map(Delivery::id).collect()
}

fn statuses(deliveries: &[Delivery]) -> Vec<String> {
    deliveries.iter().map(Delivery::status).collect()
}

#[tokio::test]
async fn a_subscription_needs_a_secret_and_is_disabled_until_it_is_confirmed() -> Result<()> {
    let (sandbox, receiver) = (builder().start().await?, Receiver::start().await?);
    let refused = create(&sandbox, SUBMISSIONS, &receiver.url)?;
    let detail = "Subscriptions can only be created for workspaces with a secret.";
    assert_eq!((refused.status, refused.detail()), (400, json!(detail)));

    create_secret(&sandbox)?;
    let created = create(&sandbox, SUBMISSIONS, &receiver.url)?;
    assert_eq!((created.status, &created.json()["is_enabled"]), (201, &json!(false)));
    let listed = |query: &str| {
        let list = call(&sandbox, "list_subscriptions", &format!("{SUBSCRIPTIONS}{query}"), &Value::Null)?;
        Result::Ok(list.json()["results"].as_array().map_or(0, Vec::len))
    };
    assert_eq!((listed("")?, listed("?is_enabled=true")?, listed("?is_enabled=false")?), (0, 0, 1));
    assert_eq!(listed("?is_enabled=false&workspace_id=w2")?, 0);

    sandbox.participant("p1").take("s1").unwrap();
    sandbox.deliver().await;
    assert_eq!(receiver.take(), [], "nothing is sent before the confirmation, no handshake either");

    let enabled = call(&sandbox, "update_subscription", &path(&created), &json!({"is_enabled": true}))?;
    assert_eq!(enabled.status, 400, "an update does not confirm");
    let wrong = call(&sandbox, "confirm_subscription", &path(&created), &json!({"secret": "wrong"}))?;
    assert_eq!((wrong.status, wrong.detail()["secret"].is_array()), (400, true));
    assert!(!is_enabled(&sandbox, &path(&created))?);
    let confirmed = confirm(&sandbox, &created)?;
    assert_eq!((confirmed.status, &confirmed.json()["is_enabled"]), (200, &json!(true)));
    assert_eq!((listed("")?, listed("?is_enabled=false")?), (1, 0));

    sandbox.participant("p2").take("s1").unwrap();
    sandbox.deliver().await;
    assert_eq!(statuses(&receiver.take()), ["RESERVED", "ACTIVE"]);
    Ok(())
}

#[tokio::test]
async fn a_workspace_has_one_secret_and_a_new_one_counts_at_once() -> Result<()> {
    let (sandbox, receiver, old, _) = connected(builder()).await?;
    receiver.answer(&[500]);
    sandbox.participant("p1").reserve("s1").unwrap();
    sandbox.deliver().await;
    let new = create_secret(&sandbox)?;
    assert_ne!(old, new);
    let secrets = |workspace| {
        let path = format!("/api/v1/hooks/secrets/?workspace_id={workspace}");
        Result::Ok(call(&sandbox, "list_secrets", &path, &Value::Null)?.json()["results"].clone())
    };
    assert_eq!((secrets("w1")?[0]["value"].clone(), secrets("w1")?.as_array().map(Vec::len)), (json!(new), Some(1)));
    assert_eq!(secrets("w2")?, json!([]));
    sandbox.advance(Duration::from_secs(60)).await;
    let received = receiver.take();
    let signed = |secret: &str| received.iter().map(|delivery| delivery.is_signed_with(secret)).collect::<Vec<_>>();
    assert_eq!((signed(&old)[0], *signed(&old).last().unwrap()), (true, false));
    assert_eq!((signed(&new)[0], *signed(&new).last().unwrap()), (false, true), "a retry has the new signature");

    let unknown = call(&sandbox, "create_secret", "/api/v1/hooks/secrets/", &json!({"workspace_id": "w9"}))?;
    assert_eq!((unknown.status, unknown.detail()["workspace_id"].is_array()), (400, true));
    Ok(())
}

#[tokio::test]
async fn a_delivery_is_signed_over_its_bytes_and_dated_by_the_clock_of_the_machine() -> Result<()> {
    let (sandbox, receiver, secret, _) = connected(builder()).await?;
    sandbox.participant("p1").reserve("s1").unwrap();
    sandbox.deliver().await;
    let received = receiver.take();
    let [delivery] = received.as_slice() else { panic!("{received:?}") };
    assert!(delivery.is_signed_with(&secret));
    assert!(!delivery.is_signed_with("another"));
    let changed = Delivery { body: [&delivery.body[..], b" "].concat().into(), ..delivery.clone() };
    assert!(!changed.is_signed_with(&secret));
    assert_eq!(delivery.header("content-type"), "application/json");
    let seconds = |name| delivery.header(name).parse::<u64>().unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    assert!(now - seconds("X-Prolific-Request-Timestamp") < 300, "a receiver that rejects old requests accepts it");
    assert!((1_704_067_200..1_704_070_800).contains(&seconds("X-Timestamp")), "the event has the time of the sandbox");
    Ok(())
}

#[tokio::test]
async fn a_submission_on_its_way_through_a_study_is_reported_with_the_documented_bodies() -> Result<()> {
    let study = SeedStudy::new("Naming colours").id("s1").places(1).published();
    let sandbox = Sandbox::builder().seed(Seed::new().workspace("w1", "Lab").study(study)).start().await?;
    let receiver = Receiver::start().await?;
    create_secret(&sandbox)?;
    for event_type in [SUBMISSIONS, "study.status.change", "study.progress.change"] {
        subscribe(&sandbox, event_type, &receiver.url)?;
    }
    let submission = sandbox.participant("p1").take("s1").unwrap().submit("COMPLETED").unwrap();
    let id = submission.submission_id();
    let approval = format!("POST /api/v1/submissions/{id}/transition/");
    let token = format!("Authorization: Token {}", sandbox.token());
    let head = [approval.as_str(), &token, "Content-Type: application/json"];
    assert_eq!(send(sandbox.url(), &head, b"{\"action\": \"APPROVE\"}")?.status, 200);
    sandbox.deliver().await;
    let received = receiver.take();
    let of_submission =
        |status: &str| json!({"resource_id": id, "event_type": SUBMISSIONS, "participant_id": "p1", "status": status});
    let of_study = |status: &str| json!({"resource_id": "s1", "event_type": "study.status.change", "metadata": {}, "status": status});
    let expected = [
        of_submission("RESERVED"),
        of_submission("ACTIVE"),
        of_submission("AWAITING REVIEW"),
        json!({"resource_id": "s1", "event_type": "study.progress.change"}),
        of_study("AWAITING REVIEW"),
        of_submission("APPROVED"),
        of_study("COMPLETED"),
    ];
    assert_eq!(received.iter().map(Delivery::json).collect::<Vec<_>>(), expected);
    let times: Vec<u64> = received.iter().map(|delivery| delivery.header("X-Timestamp").parse().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let mut distinct = ids(&received);
    distinct.dedup();
    assert_eq!(distinct.len(), 7);
    Ok(())
}

#[tokio::test]
async fn what_failed_is_sent_again_within_a_minute_of_the_clock_with_the_same_id_and_body() -> Result<()> {
    let (sandbox, receiver, _, subscription) = connected(builder()).await?;
    receiver.answer(&[503, 302, 204]);
    sandbox.participant("p1").reserve("s1").unwrap();
    sandbox.deliver().await;
    let first = receiver.take();
    assert_eq!((first.len(), log(&sandbox, &subscription)?[0]["status"].clone()), (1, json!("FAILED")));
    sandbox.deliver().await;
    assert_eq!(receiver.take(), [], "only the clock brings a retry");
    sandbox.advance(Duration::from_secs(60)).await;
    let mut again = receiver.take();
    assert!(!again.is_empty());
    sandbox.advance(Duration::from_secs(120)).await;
    again.extend(receiver.take());
    let [second, third] = again.as_slice() else { panic!("{again:?}") };
    for retried in [second, third] {
        assert_eq!((retried.id(), &retried.body), (first[0].id(), &first[0].body));
        assert_eq!(retried.header("X-Timestamp"), first[0].header("X-Timestamp"));
    }
    assert_eq!(log(&sandbox, &subscription)?[0]["status"], "SUCCEEDED");
    Ok(())
}

#[tokio::test]
async fn an_event_is_given_up_after_a_day_of_retries_at_times_that_are_the_same_on_every_run() -> Result<()> {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let (sandbox, receiver, _, subscription) = connected(builder()).await?;
        receiver.answer(&[500]);
        sandbox.participant("p1").reserve("s1").unwrap();
        let id = log(&sandbox, &subscription)?[0]["id"].as_str().unwrap().to_owned();
        let attempts = || receiver.take().iter().filter(|delivery| delivery.id() == id).count();
        let mut half_hours = Vec::new();
        for _ in 0..48 {
            sandbox.advance(DAY / 48).await;
            half_hours.push(attempts());
        }
        sandbox.advance(3 * DAY).await;
        assert_eq!((attempts(), &log(&sandbox, &subscription)?[0]["status"]), (0, &json!("FAILED")));
        runs.push(half_hours);
    }
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0].iter().sum::<usize>(), 12, "{:?}", runs[0]);
    Ok(())
}

#[tokio::test]
async fn five_days_of_failures_disable_a_url_for_a_type_of_event_and_an_update_enables_it() -> Result<()> {
    let (sandbox, receiver, _, subscription) = connected(builder()).await?;
    let same = subscribe(&sandbox, SUBMISSIONS, &receiver.url)?;
    let of_studies = subscribe(&sandbox, "study.status.change", &receiver.url)?;
    receiver.answer(&[500]);
    for day in 0..5 {
        sandbox.participant(format!("p{day}")).take("s1").unwrap().submit("COMPLETED").unwrap();
        sandbox.deliver().await;
        assert!(is_enabled(&sandbox, &subscription)?, "{day}");
        sandbox.advance(DAY).await;
    }
    sandbox.participant("p5").reserve("s1").unwrap();
    sandbox.deliver().await;
    assert_eq!((is_enabled(&sandbox, &subscription)?, is_enabled(&sandbox, &same)?), (false, false));
    assert!(is_enabled(&sandbox, &of_studies)?, "another type of event");
    receiver.take();
    receiver.answer(&[204]);
    sandbox.participant("p6").reserve("s1").unwrap();
    sandbox.advance(DAY).await;
    assert_eq!(receiver.take(), [], "what is missed is not sent later");

    let enabled = call(&sandbox, "update_subscription", &subscription, &json!({"is_enabled": true}))?;
    assert_eq!(enabled.json()["is_enabled"], true);
    sandbox.participant("p7").reserve("s1").unwrap();
    sandbox.deliver().await;
    assert_eq!(statuses(&receiver.take()), ["RESERVED"]);
    Ok(())
}

#[tokio::test]
async fn a_success_between_failures_keeps_a_subscription_enabled() -> Result<()> {
    let (sandbox, receiver, _, subscription) = connected(builder()).await?;
    for day in 0..9 {
        receiver.answer(if day == 4 { &[204] } else { &[500] });
        sandbox.participant(format!("p{day}")).take("s1").unwrap();
        sandbox.advance(DAY).await;
    }
    assert!(is_enabled(&sandbox, &subscription)?);
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_cannot_be_reached_is_a_failure_like_any_other() -> Result<()> {
    let (sandbox, receiver, _, subscription) = connected(builder()).await?;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let url = json!({"target_url": format!("http://{nobody}/")});
    assert_eq!(call(&sandbox, "update_subscription", &subscription, &url)?.json()["is_enabled"], true);
    sandbox.participant("p1").reserve("s1").unwrap();
    sandbox.deliver().await;
    let log = call(&sandbox, "list_events", &format!("{subscription}events/?status=FAILED"), &Value::Null)?.json();
    assert_eq!((&log["results"][0]["target_url"], &log["meta"]["count"]), (&url["target_url"], &json!(1)));
    assert_eq!(receiver.take(), []);
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_does_not_respond_keeps_no_other_waiting() -> Result<()> {
    let (sandbox, silent) = (builder().start().await?, TcpListener::bind("127.0.0.1:0").await?);
    let (got, mut events) = unbounded_channel();
    let receiver = Receiver::start_with(move |delivery| drop(got.send(delivery.status()))).await?;
    create_secret(&sandbox)?;
    let without_response = subscribe(&sandbox, SUBMISSIONS, &format!("http://{}/", silent.local_addr()?))?;
    subscribe(&sandbox, SUBMISSIONS, &receiver.url)?;
    sandbox.participant("p1").take("s1").unwrap();
    for status in ["RESERVED", "ACTIVE"] {
        assert_eq!(timeout(PATIENCE, events.recv()).await?.as_deref(), Some(status));
    }
    assert_eq!(log(&sandbox, &without_response)?[0]["status"], "PENDING");
    // Its connections are reset.
    drop(silent);
    sandbox.deliver().await;
    assert_eq!(log(&sandbox, &without_response)?[0]["status"], "FAILED");
    Ok(())
}

#[tokio::test]
async fn the_end_of_a_delivery_from_before_a_reset_is_of_no_event_after_it() -> Result<()> {
    let (sandbox, silent) = (builder().start().await?, TcpListener::bind("127.0.0.1:0").await?);
    create_secret(&sandbox)?;
    subscribe(&sandbox, SUBMISSIONS, &format!("http://{}/", silent.local_addr()?))?;
    sandbox.participant("p1").reserve("s1").unwrap();
    let (connection, _) = timeout(PATIENCE, silent.accept()).await??;
    sandbox.reset()?;

    let receiver = Receiver::start().await?;
    create_secret(&sandbox)?;
    let subscription = subscribe(&sandbox, SUBMISSIONS, &receiver.url)?;
    sandbox.participant("p1").reserve("s1").unwrap();
    let start = Instant::now();
    while log(&sandbox, &subscription)?[0]["status"] != "SUCCEEDED" {
        assert!(start.elapsed() < PATIENCE, "it is not delivered");
        tokio::task::yield_now().await;
    }
    drop(connection);
    sandbox.deliver().await;
    assert_eq!(log(&sandbox, &subscription)?[0]["status"], "SUCCEEDED", "it has the id of the one before");
    Ok(())
}

#[tokio::test]
async fn events_go_to_this_machine_only() -> Result<()> {
    let (sandbox, _, _, subscription) = connected(builder()).await?;
    for url in
        ["https://lab.example.org/events", "http://lab.example.org/", "https://127.0.0.1/", "http://10.0.0.1/", "x"]
    {
        let refused = create(&sandbox, SUBMISSIONS, url)?;
        assert_eq!(refused.status, 400, "{url}");
        let detail = refused.detail()["target_url"][0].as_str().unwrap_or_default().to_owned();
        assert!(detail.contains("http://127.0.0.1:8000/events"), "it says what is accepted: {detail}");
        let changed =
            call(&sandbox, "update_subscription", &subscription, &json!({"target_url": url, "is_enabled": false}))?;
        assert_eq!(changed.status, 400, "{url}");
    }
    assert!(is_enabled(&sandbox, &subscription)?, "a refused change changes nothing");
    for url in ["http://localhost:8000/", "http://[::1]:8000/events?a=b", "http://127.0.0.2"] {
        assert_eq!(create(&sandbox, SUBMISSIONS, url)?.status, 201, "{url}");
    }
    Ok(())
}

#[tokio::test]
async fn the_log_of_a_subscription_has_its_events_by_status_and_resource() -> Result<()> {
    let (sandbox, receiver, _, subscription) = connected(builder()).await?;
    receiver.answer(&[204, 400, 204]);
    let first = sandbox.participant("p1").take("s1").unwrap();
    sandbox.deliver().await;
    sandbox.participant("p2").reserve("s1").unwrap();
    sandbox.deliver().await;
    let log = |query: &str| {
        let response = call(&sandbox, "list_events", &format!("{subscription}events/{query}"), &Value::Null)?;
        Result::Ok((response.status, response.json()["results"].clone()))
    };
    let count = |query: &str| Result::Ok(log(query)?.1.as_array().map(Vec::len));
    let event = &log("")?.1[0];
    assert_eq!(event["payload"], receiver.take()[0].json());
    assert_eq!((&event["resource_id"], &event["event_type"]), (&json!(first.submission_id()), &json!(SUBMISSIONS)));
    assert_eq!(count("")?, Some(3));
    assert_eq!(
        (count("?status=SUCCEEDED")?, count("?status=FAILED")?, count("?status=PENDING")?),
        (Some(2), Some(1), Some(0))
    );
    assert_eq!(count("?status=%5B%22FAILED%22%2C%20%22SUCCEEDED%22%5D")?, Some(3));
    assert_eq!((count("?limit=2")?, count("?limit=2&offset=2")?), (Some(2), Some(1)));
    assert_eq!(count(&format!("?resource_id={}", first.submission_id()))?, Some(2));
    assert_eq!(log("?status=LOST")?.0, 400);

    assert_eq!(call(&sandbox, "delete_subscription", &subscription, &Value::Null)?.status, 204);
    assert_eq!(log("")?.0, 404);
    assert_eq!(call(&sandbox, "delete_subscription", &subscription, &Value::Null)?.status, 404);
    Ok(())
}

#[tokio::test]
async fn an_event_can_be_delivered_again() -> Result<()> {
    let (sandbox, receiver, ..) = connected(builder()).await?;
    sandbox.participant("p1").take("s1").unwrap();
    sandbox.deliver().await;
    let first = receiver.take();
    sandbox.redeliver(first[0].id()).unwrap();
    sandbox.deliver().await;
    assert_eq!(ids(&receiver.take()), [first[0].id()], "after the newer one");
    assert!(sandbox.redeliver("unknown").is_err());
    Ok(())
}

#[tokio::test]
async fn events_can_come_twice_and_out_of_order() -> Result<()> {
    let (sandbox, receiver, ..) = connected(builder().quirk(Quirk::RepeatedEvents)).await?;
    sandbox.participant("p1").take("s1").unwrap();
    sandbox.deliver().await;
    let mut received = statuses(&receiver.take());
    received.sort();
    assert_eq!(received, ["ACTIVE", "ACTIVE", "RESERVED", "RESERVED"]);

    let (sandbox, receiver, ..) = connected(builder().quirk(Quirk::UnorderedEvents)).await?;
    sandbox.participant("p1").take("s1").unwrap();
    sandbox.advance(Duration::from_secs(60)).await;
    let received = receiver.take();
    assert_eq!(statuses(&received), ["ACTIVE", "RESERVED"]);
    assert!(received[0].header("X-Timestamp") > received[1].header("X-Timestamp"));
    Ok(())
}

/// Without that, the participants of all days would come before the first is approved, and some would be approved by
/// the service itself after 21 days.
#[tokio::test]
async fn the_clock_waits_for_receivers_and_for_what_they_do() -> Result<()> {
    let study = SeedStudy::new("Naming colours").id("s1").places(3).published().arrivals(3, 12 * DAY, "COMPLETED");
    let sandbox = Sandbox::builder().seed(Seed::new().workspace("w1", "Lab").study(study)).start().await?;
    let (url, token) = (sandbox.url().to_owned(), format!("Authorization: Token {}", sandbox.token()));
    let receiver = Receiver::start_with(move |delivery| {
        if delivery.status() == "AWAITING REVIEW" {
            let id = delivery.json()["resource_id"].as_str().unwrap().to_owned();
            let approve = format!("POST /api/v1/submissions/{id}/transition/");
            let head = [approve.as_str(), &token, "Content-Type: application/json"];
            assert_eq!(send(&url, &head, b"{\"action\": \"APPROVE\"}").unwrap().status, 200);
        }
    });
    let receiver = receiver.await?;
    create_secret(&sandbox)?;
    subscribe(&sandbox, SUBMISSIONS, &receiver.url)?;
    sandbox.advance(40 * DAY).await;
    let received = receiver.take();
    let of_one = ["RESERVED", "ACTIVE", "AWAITING REVIEW", "APPROVED"];
    assert_eq!(statuses(&received), of_one.repeat(3));
    for one in received.chunks(4) {
        let time = |at: usize| one[at].header("X-Timestamp").parse::<u64>().unwrap();
        assert!(time(3) - time(2) < 60, "approved as soon as it was handed in");
    }
    Ok(())
}

#[tokio::test]
async fn the_types_of_events_are_listed() -> Result<()> {
    let sandbox = builder().start().await?;
    let types = call(&sandbox, "list_event_types", "/api/v1/hooks/event-types/", &Value::Null)?.json();
    let names: Vec<_> = types["results"].as_array().unwrap().iter().map(|one| one["event_type"].clone()).collect();
    let expected =
        ["study.status.change", "study.progress.change", "study.has_high_return_rate", "submission.status.change"];
    assert_eq!(names, expected);
    Ok(())
}
