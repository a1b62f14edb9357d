//! Studies, submissions and money, as a program meets them over HTTP, with participants that the test leads.

use std::io::Result;
use std::time::Duration;

use prolific_sandbox::{Sandbox, Seed, SeedFilterSet, SeedGroup, SeedStudy};
use serde_json::{Value, json};

use crate::http::{Response, send};

/// Sends a request with the token, and checks that a success has the documented form.
fn request(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Result<Response> {
    let token = format!("Authorization: Token {}", sandbox.token());
    send(sandbox.url(), &[&format!("{method} {path}"), &token, "Content-Type: application/json"], body.as_bytes())
}

fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Result<Response> {
    request(sandbox, "POST", path, &body.to_string())
}

fn get(sandbox: &Sandbox, path: &str) -> Result<Value> {
    let response = request(sandbox, "GET", path, "")?;
    assert_eq!(response.status, 200, "{path}: {}", response.json());
    Ok(response.json())
}

fn act(sandbox: &Sandbox, study: &str, action: &str) -> Result<Response> {
    post(sandbox, &format!("/api/v1/studies/{study}/transition/"), &json!({"action": action}))
}

fn status(sandbox: &Sandbox, study: &str) -> Result<String> {
    Ok(get(sandbox, &format!("/api/v1/studies/{study}/"))?["status"].as_str().unwrap_or_default().to_owned())
}

fn balance(sandbox: &Sandbox) -> Result<(i64, i64)> {
    let balance = get(sandbox, "/api/v1/workspaces/w1/balance/")?;
    let amount = |name: &str| balance[name].as_i64().unwrap_or_default();
    Ok((amount("total_balance"), amount("available_balance")))
}

/// A workspace with 63.00 pounds, and a study of two places that cost 6.30 each.
async fn sandbox(study: SeedStudy) -> Result<Sandbox> {
    let study = study.id("s1").places(2).reward(450);
    let seed = Seed::new().workspace("w1", "Lab").balance(6300).project("j1", "w1", "Colours").study(study);
    let everybody = SeedFilterSet::in_workspace("f1", "Everybody", "w1");
    Sandbox::builder().seed(seed.filter_set(everybody)).start().await
}

fn draft() -> SeedStudy {
    SeedStudy::new("Naming colours")
}

#[tokio::test]
async fn publishing_reserves_the_cost_approving_pays_it_and_stopping_frees_the_rest() -> Result<()> {
    let sandbox = sandbox(draft()).await?;
    assert_eq!(balance(&sandbox)?, (6300, 6300));
    let published = act(&sandbox, "s1", "PUBLISH")?;
    assert_eq!((published.status, &published.json()["status"]), (200, &json!("ACTIVE")));
    assert_eq!(balance(&sandbox)?, (6300, 5040));
    let submission = sandbox.participant("p1").take("s1").unwrap().submit("COMPLETED").unwrap();
    assert_eq!(submission.status(), "AWAITING REVIEW");
    let path = format!("/api/v1/submissions/{}/transition/", submission.submission_id());
    for _ in 0..2 {
        // The second time is ignored, and pays nothing.
        let approved = post(&sandbox, &path, &json!({"action": "APPROVE"}))?;
        assert_eq!((approved.status, &approved.json()["status"]), (200, &json!("APPROVED")));
        assert_eq!(balance(&sandbox)?, (5670, 5040));
    }
    assert_eq!(act(&sandbox, "s1", "STOP")?.json()["status"], "COMPLETED");
    assert_eq!(balance(&sandbox)?, (5670, 5670));
    Ok(())
}

#[tokio::test]
async fn a_study_that_costs_more_than_there_is_stays_a_draft() -> Result<()> {
    let sandbox = sandbox(draft().field("total_available_places", 11)).await?;
    let places = json!({"total_available_places": 11});
    assert_eq!(request(&sandbox, "PATCH", "/api/v1/studies/s1/", &places.to_string())?.status, 200);
    let refused = act(&sandbox, "s1", "PUBLISH")?;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json()["error"]["detail"],
        "The balance of the workspace is too low: 6930 is needed, 6300 is available."
    );
    assert_eq!((status(&sandbox, "s1")?.as_str(), balance(&sandbox)?), ("UNPUBLISHED", (6300, 6300)));
    Ok(())
}

#[tokio::test]
async fn what_the_tables_do_not_have_is_refused_and_changes_nothing() -> Result<()> {
    let sandbox = sandbox(draft()).await?;
    for action in ["PAUSE", "START", "STOP", "CANCEL_PUBLISH"] {
        assert_eq!(act(&sandbox, "s1", action)?.status, 400, "{action}");
    }
    assert_eq!(act(&sandbox, "s1", "PUBLISH")?.status, 200);
    for action in ["PUBLISH", "SCHEDULE_PUBLISH", "START"] {
        assert_eq!(act(&sandbox, "s1", action)?.status, 400, "{action}");
    }
    assert_eq!(request(&sandbox, "DELETE", "/api/v1/studies/s1/", "")?.status, 400);
    for (action, expected) in [("PAUSE", "PAUSED"), ("START", "ACTIVE"), ("PAUSE", "PAUSED"), ("STOP", "COMPLETED")] {
        assert_eq!(act(&sandbox, "s1", action)?.json()["status"], expected);
    }
    Ok(())
}

#[tokio::test]
async fn a_full_study_awaits_review_and_is_completed_when_all_are_approved() -> Result<()> {
    let sandbox = sandbox(draft().published()).await?;
    let ids = ["p1", "p2"].map(|id| sandbox.participant(id).take("s1").unwrap().submit("COMPLETED").unwrap());
    assert_eq!(status(&sandbox, "s1")?, "AWAITING REVIEW");
    assert_eq!(sandbox.participant("p3").take("s1").unwrap_err().to_string(), "The study is AWAITING REVIEW.");
    let ids: Vec<_> = ids.iter().map(prolific_sandbox::Participation::submission_id).collect();
    let approved = post(&sandbox, "/api/v1/submissions/bulk-approve/", &json!({"submission_ids": ids}))?;
    assert_eq!((approved.status, approved.json().is_string()), (200, true));
    assert_eq!((status(&sandbox, "s1")?.as_str(), balance(&sandbox)?), ("COMPLETED", (5040, 5040)));
    // More places make it active again.
    let places = json!({"total_available_places": 3}).to_string();
    assert_eq!(request(&sandbox, "PATCH", "/api/v1/studies/s1/", &places)?.json()["status"], "ACTIVE");
    assert_eq!(balance(&sandbox)?, (5040, 4410));
    Ok(())
}

#[tokio::test]
async fn after_publishing_only_some_fields_can_be_changed_and_places_only_rise() -> Result<()> {
    let sandbox = sandbox(draft().published()).await?;
    let change = |body: Value| request(&sandbox, "PATCH", "/api/v1/studies/s1/", &body.to_string());
    let refused = change(json!({"name": "Other", "internal_name": "Wave 2", "reward": 450}))?;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["error"]["detail"].as_object().unwrap().keys().collect::<Vec<_>>(), ["name"]);
    assert_eq!(get(&sandbox, "/api/v1/studies/s1/")?["internal_name"], Value::Null);
    assert_eq!(change(json!({"internal_name": "Wave 2"}))?.json()["internal_name"], "Wave 2");
    assert_eq!(change(json!({"total_available_places": 1}))?.status, 400);
    assert_eq!(change(json!({"total_available_places": 11}))?.status, 400, "there is no money for it");
    assert_eq!(
        (balance(&sandbox)?, get(&sandbox, "/api/v1/studies/s1/")?["total_available_places"].clone()),
        ((6300, 5040), json!(2))
    );
    Ok(())
}

#[tokio::test]
async fn a_rejection_needs_a_long_message_and_frees_the_place() -> Result<()> {
    let sandbox = sandbox(draft().published()).await?;
    let submission = sandbox.participant("p1").take("s1").unwrap().submit("COMPLETED").unwrap();
    let path = format!("/api/v1/submissions/{}/transition/", submission.submission_id());
    let reject = |message: &str| {
        post(&sandbox, &path, &json!({"action": "REJECT", "rejection_category": "NO_DATA", "message": message}))
    };
    assert_eq!(reject(&"a".repeat(99))?.status, 400);
    assert_eq!(reject(&"a".repeat(100))?.json()["status"], "REJECTED");
    assert_eq!(post(&sandbox, &path, &json!({"action": "APPROVE"}))?.status, 400);
    assert_eq!(get(&sandbox, "/api/v1/studies/s1/")?["places_taken"], 0);
    let messages = get(&sandbox, "/api/v1/messages/?user_id=p1")?;
    assert_eq!(messages["results"][0]["body"], "a".repeat(100));
    assert_eq!(
        sandbox.participant("p1").take("s1").unwrap_err().to_string(),
        "The participant has taken part as often as is allowed."
    );
    Ok(())
}

#[tokio::test]
async fn completion_codes_do_what_they_say() -> Result<()> {
    let codes = json!([
        {"code": "GOOD", "code_type": "COMPLETED", "actions": [
            {"action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": "g1"}, {"action": "AUTOMATICALLY_APPROVE"},
        ]},
        {"code": "BAD", "code_type": "NO_CONSENT", "actions": [
            {"action": "REMOVE_FROM_PARTICIPANT_GROUP", "participant_group": "g1"},
            {"action": "REQUEST_RETURN", "return_reason": "You did not consent."},
        ]},
    ]);
    let study = draft().id("s1").field("completion_codes", codes).published();
    let group = SeedGroup::in_workspace("Cohort", "w1").id("g1").participant_ids(["p2"]);
    let seed = Seed::new().workspace("w1", "Lab").group(group).study(study);
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    assert_eq!(sandbox.participant("p1").take("s1").unwrap().submit("GOOD").unwrap().status(), "APPROVED");
    let bad = sandbox.participant("p2").take("s1").unwrap().submit("BAD").unwrap();
    assert_eq!(bad.status(), "AWAITING REVIEW");
    let shown = get(&sandbox, &format!("/api/v1/submissions/{}/", bad.submission_id()))?;
    assert_eq!((shown["return_requested"].is_string(), &shown["entered_code"]), (true, &json!("BAD")));
    let members = get(&sandbox, "/api/v1/participant-groups/g1/participants/")?;
    assert_eq!(
        members["results"].as_array().unwrap().iter().map(|one| &one["participant_id"]).collect::<Vec<_>>(),
        ["p1"]
    );
    let feeders = &get(&sandbox, "/api/v1/participant-groups/g1/")?["feeder_studies"][0];
    assert_eq!((&feeders["id"], feeders["feeder_completion_codes"].as_array().unwrap().len()), (&json!("s1"), 2));
    Ok(())
}

#[tokio::test]
async fn groups_studies_and_lists_decide_who_can_take_part_and_groups_stay_live() -> Result<()> {
    let filter = |id: &str, values: &[&str]| json!({"filter_id": id, "selected_values": values});
    let study = |id: &str, filters: Value| draft().id(id).field("filters", filters).published();
    let seed = Seed::new()
        .workspace("w1", "Lab")
        .group(SeedGroup::in_workspace("Cohort", "w1").id("g1").participant_ids(["p1"]))
        .study(draft().id("first").submission("p2", "COMPLETED"))
        .study(study("in", json!([filter("participant_group_allowlist", &["g1"])])))
        .study(study("out", json!([filter("participant_group_blocklist", &["g1"])])))
        .study(study("again", json!([filter("previous_studies_allowlist", &["first"])])))
        .study(study(
            "new",
            json!([filter("previous_studies_blocklist", &["first"]), filter("custom_blocklist", &["p3"])]),
        ))
        .study(study("own", json!([filter("custom_allowlist", &["p3", "p4"])])));
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    let may = |id: &str, study: &str| sandbox.participant(id).take(study).is_ok();
    for (study, expected) in [
        ("in", [true, false, false]),
        ("out", [false, true, true]),
        ("again", [false, true, false]),
        ("new", [true, false, false]),
        ("own", [false, false, true]),
    ] {
        assert_eq!(["p1", "p2", "p3"].map(|id| may(id, study)), expected, "{study}");
    }
    post(&sandbox, "/api/v1/participant-groups/g1/participants/", &json!({"participant_ids": ["p9"]}))?;
    assert!(may("p9", "in"));
    Ok(())
}

#[tokio::test]
async fn time_ends_reservations_and_submissions_publishes_and_approves() -> Result<()> {
    let sandbox = sandbox(draft().published()).await?;
    let absent = sandbox.participant("p1").reserve("s1").unwrap();
    let slow = sandbox.participant("p2").take("s1").unwrap();
    sandbox.advance(Duration::from_secs(601)).await;
    assert_eq!((absent.status().as_str(), slow.status().as_str()), ("TIMED-OUT", "ACTIVE"));
    sandbox.advance(Duration::from_secs(29 * 60)).await;
    assert_eq!(slow.status(), "TIMED-OUT");
    let unreviewed = sandbox.participant("p3").take("s1").unwrap().submit("COMPLETED").unwrap();
    sandbox.advance(Duration::from_secs(21 * 86_400)).await;
    assert_eq!((unreviewed.status().as_str(), balance(&sandbox)?), ("APPROVED", (5670, 5040)));

    let id = get(&sandbox, "/api/v1/studies/s1/")?["project"].as_str().unwrap().to_owned();
    assert_eq!(id, "j1");
    let copy = post(&sandbox, "/api/v1/studies/s1/clone/", &json!({}))?.json();
    assert_eq!((&copy["name"], &copy["status"]), (&json!("Naming colours Copy"), &json!("UNPUBLISHED")));
    assert_eq!(copy["filters"], json!([{"filter_id": "previous_studies_blocklist", "selected_values": ["s1"]}]));
    let copy = copy["id"].as_str().unwrap();
    let body = json!({"action": "SCHEDULE_PUBLISH", "publish_at": "2024-03-01T00:00:00Z"});
    assert_eq!(post(&sandbox, &format!("/api/v1/studies/{copy}/transition/"), &body)?.json()["status"], "SCHEDULED");
    sandbox.advance(Duration::from_secs(60 * 86_400)).await;
    assert_eq!(status(&sandbox, copy)?, "ACTIVE");
    Ok(())
}

#[tokio::test]
async fn a_copy_keeps_out_who_took_part_unless_it_has_a_filter_set() -> Result<()> {
    let sandbox = sandbox(draft().field("filter_set_id", "f1")).await?;
    for keep_out in [true, false] {
        let body = json!({"block_previous_participants": keep_out});
        let copy = post(&sandbox, "/api/v1/studies/s1/clone/", &body)?;
        let (status, copy) = (copy.status, copy.json());
        assert_eq!((status, &copy["filter_set_id"], copy.get("filters")), (200, &json!("f1"), None));
    }
    Ok(())
}

#[tokio::test]
async fn a_plan_fills_a_study_over_time() -> Result<()> {
    let sandbox = sandbox(draft().arrivals(5, Duration::from_secs(60), "COMPLETED")).await?;
    let taken = || Result::Ok(get(&sandbox, "/api/v1/studies/s1/")?["places_taken"].clone());
    assert_eq!(taken()?, 0);
    sandbox.advance(Duration::from_secs(70)).await;
    assert_eq!(taken()?, 1);
    sandbox.advance(Duration::from_secs(600)).await;
    assert_eq!((taken()?, status(&sandbox, "s1")?.as_str()), (json!(2), "AWAITING REVIEW"));
    Ok(())
}

#[tokio::test]
async fn bonuses_are_free_to_set_up_and_paid_as_often_as_they_are_paid() -> Result<()> {
    let sandbox = sandbox(draft().submission("p1", "COMPLETED")).await?;
    let set_up = |lines: &str| {
        post(&sandbox, "/api/v1/submissions/bonus-payments/", &json!({"study_id": "s1", "csv_bonuses": lines}))
    };
    let refused = set_up("p1,4.25\np8,1\np9,1")?;
    let detail = json!({"csv_bonuses": ["These have not taken part in the study: p8, p9."]});
    assert_eq!((refused.status, &refused.json()["error"]["detail"]), (400, &detail));
    let bonus = set_up("p1,4.25\np1,4.25")?.json();
    let amounts = ["amount", "fees", "vat", "total_amount"].map(|name| bonus[name].clone());
    assert_eq!(amounts, [json!(850), json!(283.34), json!(56.66), json!(1190)]);
    assert_eq!(balance(&sandbox)?, (6300, 5040));
    let path = format!("/api/v1/bulk-bonus-payments/{}/pay/", bonus["id"].as_str().unwrap());
    for total in [5110, 3920] {
        assert_eq!(post(&sandbox, &path, &Value::Null)?.status, 202);
        assert_eq!(balance(&sandbox)?.0, total);
    }
    let submissions = get(&sandbox, "/api/v1/submissions/?study=s1")?;
    assert_eq!(submissions["results"][0]["bonus_payments"], json!([425, 425, 425, 425]));
    Ok(())
}

#[tokio::test]
async fn a_completion_that_is_refused_leaves_the_submission_active() -> Result<()> {
    let code = json!({
        "code": "PART", "code_type": "OTHER", "actor": "researcher", "actions": [{"action": "DYNAMIC_PAYMENT"}],
    });
    let sandbox = sandbox(draft().field("completion_codes", json!([code])).published()).await?;
    let submission = sandbox.participant("p1").take("s1").unwrap();
    let path = format!("/api/v1/submissions/{}/transition/", submission.submission_id());
    let complete = |percent: u64| {
        let data = json!({"percentage_of_reward": percent});
        post(&sandbox, &path, &json!({"action": "COMPLETE", "completion_code": "PART", "completion_code_data": data}))
    };
    assert_eq!((complete(100)?.status, submission.status().as_str()), (400, "ACTIVE"));
    assert_eq!((complete(50)?.status, submission.status().as_str()), (200, "PARTIALLY APPROVED"));
    assert_eq!(balance(&sandbox)?, (5985, 5355), "half of it is paid, and the rest of the place is free");
    Ok(())
}

#[tokio::test]
async fn a_submission_that_is_named_twice_is_not_screened_out_and_nothing_is_paid() -> Result<()> {
    let sandbox = sandbox(draft().submission("p1", "COMPLETED")).await?;
    let list = get(&sandbox, "/api/v1/submissions/?study=s1")?;
    let id = &list["results"][0]["id"];
    let body = json!({"submission_ids": [id, id], "bonus_per_submission": 1});
    assert_eq!(post(&sandbox, "/api/v1/studies/s1/screen-out-submissions/", &body)?.status, 400);
    assert_eq!(balance(&sandbox)?, (6300, 5040));
    Ok(())
}

#[tokio::test]
async fn a_rejection_that_is_taken_back_late_is_approved_within_a_day() -> Result<()> {
    let sandbox = sandbox(draft().published()).await?;
    let submission = sandbox.participant("p1").take("s1").unwrap().submit("COMPLETED").unwrap();
    let path = format!("/api/v1/submissions/{}/transition/", submission.submission_id());
    let reject = json!({"action": "REJECT", "rejection_category": "NO_DATA", "message": "a".repeat(100)});
    assert_eq!(post(&sandbox, &path, &reject)?.status, 200);
    sandbox.advance(Duration::from_secs(22 * 86_400)).await;
    assert_eq!(post(&sandbox, &path, &json!({"action": "UNREJECT"}))?.json()["status"], "AWAITING REVIEW");
    sandbox.advance(Duration::from_secs(86_400)).await;
    assert_eq!(submission.status(), "APPROVED");
    Ok(())
}
