//! Submissions.

use std::cmp::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use super::request::{Performed, parameter, text, texts};
use crate::error::ApiError;
use crate::machine::SubmissionStatus;
use crate::operation::{Input, Outcome};
use crate::store::clock::Moment;
use crate::store::money::Money;
use crate::store::study::Study;
use crate::store::submission::Submission;
use crate::store::{CURRENCY, World};

/// How long the service takes an equal request for a repetition.
const REPETITION: Duration = Duration::from_secs(300);

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    let id = parameter(input, "id").unwrap_or_default();
    Ok(Some(match method {
        "list" => list(world, parameter(input, "study").unwrap_or_default(), input)?,
        "list_of_study" => list(world, id, input)?,
        "counts" => counts(world, world.study(id)?),
        "get" => Outcome::Object(world.submission(id)?.to_json()),
        "transition" => {
            let action = text(input, "action").unwrap_or_default();
            world.act_on_submission(id, action, &input.body)?;
            Outcome::Object(world.submission(id)?.to_json())
        }
        "request_return" => {
            let reasons = texts(input, "request_return_reasons").unwrap_or_default();
            let (participant, study) = {
                let submission = world.submission(id)?;
                (submission.participant.clone(), submission.study.clone())
            };
            world.write(&participant, &reasons.join("\n"), Some(&study));
            let now = world.clock.now();
            world.change_submission(id, |submission| submission.return_requested = Some(now))?;
            let status = world.submission(id)?.status.as_str();
            Outcome::Object(json!({
                "id": id, "status": status, "participant": participant, "return_requested": now.text(),
            }))
        }
        "bulk_approve" => {
            bulk_approve(world, input)?;
            Outcome::Object("The submissions are being approved.".into())
        }
        "screen_out" => screen_out(world, id, input)?,
        _ => return Ok(None),
    }))
}

fn show(world: &World, study: &Study, submission: &Submission) -> Value {
    let own = world.submissions.of_participant(&study.id, &submission.participant);
    submission.summary(study.number("reward"), own.len() > 1)
}

fn list(world: &World, study: &str, input: &Input) -> Result<Outcome, ApiError> {
    let study = world.study(study)?;
    let selected = selection(input)?;
    let mut found: Vec<_> = world.submissions.of(&study.id).filter(|submission| selected(submission)).collect();
    if let Some(ordering) = parameter(input, "ordering") {
        let (name, is_descending) = ordering.strip_prefix('-').map_or((ordering, false), |name| (name, true));
        found.sort_by(|a, b| if is_descending { compare(name, b, a) } else { compare(name, a, b) });
    }
    Ok(input.window.of(found, |submission| show(world, study, submission)))
}

fn compare(name: &str, a: &Submission, b: &Submission) -> Ordering {
    match name {
        "started_at" => a.started_at.cmp(&b.started_at),
        "completed_at" => a.completed_at.cmp(&b.completed_at),
        "status" => a.status.as_str().cmp(b.status.as_str()),
        "time_taken" => a.time_taken().cmp(&b.time_taken()),
        "participant_id" => a.participant.cmp(&b.participant),
        "study_code" => a.code.cmp(&b.code),
        // All are of one study, and addresses are not known.
        _ => Ordering::Equal,
    }
}

/// What the parameters select: the submissions that fit all of them.
fn selection(input: &Input) -> Result<impl Fn(&Submission) -> bool, ApiError> {
    use SubmissionStatus::{Active, Approved, AwaitingReview, Rejected, Returned, ScreenedOut};

    let flag = |name: &str| {
        let text = parameter(input, name)?.to_lowercase();
        Some(["1", "true", "yes", "t"].contains(&text.as_str()))
    };
    let flags = [
        ("returned", Returned),
        ("awaiting_review", AwaitingReview),
        ("approved", Approved),
        ("active", Active),
        ("rejected", Rejected),
        ("screened_out", ScreenedOut),
    ];
    let flags: Vec<_> = flags.into_iter().filter_map(|(name, status)| Some((status, flag(name)?))).collect();
    let (completed, or_active) = (flag("completed"), flag("completeoractive"));
    let status = parameter(input, "status").map(|status| status.to_uppercase().replace('_', " "));
    let (from, before) = (day(input, "submitted_from")?, day(input, "submitted_before")?);
    Ok(move |submission: &Submission| {
        let (is_complete, day) = (submission.completed_at.is_some(), submission.completed_at.map(Moment::day));
        flags.iter().all(|(status, wanted)| (submission.status == *status) == *wanted)
            && completed.is_none_or(|wanted| is_complete == wanted)
            && or_active.is_none_or(|wanted| (is_complete || submission.status == Active) == wanted)
            && status.as_ref().is_none_or(|status| status == submission.status.as_str())
            && from.is_none_or(|from| day.is_some_and(|day| day >= from))
            && before.is_none_or(|before| day.is_some_and(|day| day < before))
    })
}

/// A day as this endpoint has it: the day of the month comes first.
fn day(input: &Input, name: &str) -> Result<Option<jiff::civil::Date>, ApiError> {
    let Some(text) = parameter(input, name) else { return Ok(None) };
    let problem = |_| ApiError::bad_request(json!({name: ["A date is DD/MM/YYYY."]}));
    jiff::civil::Date::strptime("%d/%m/%Y", text).map(Some).map_err(problem)
}

fn counts(world: &World, study: &Study) -> Outcome {
    use SubmissionStatus::{
        Active, Approved, AwaitingReview, PartiallyApproved, Rejected, Reserved, Returned, ScreenedOut, TimedOut,
    };
    let all =
        [Active, Approved, AwaitingReview, Rejected, Reserved, Returned, TimedOut, PartiallyApproved, ScreenedOut];
    let roll = world.submissions.roll(&study.id);
    let mut shown: serde_json::Map<_, _> =
        all.into_iter().map(|status| (status.as_str().to_owned(), roll.with(status).into())).collect();
    shown.insert("TOTAL".to_owned(), roll.len().into());
    Outcome::Object(shown.into())
}

/// Approves those that can be, and passes over the others without a word, as no answer about single ones is documented.
fn bulk_approve(world: &mut World, input: &Input) -> Result<(), ApiError> {
    let (key, now) = (input.body.to_string(), world.clock.tick());
    world.recent.retain(|_, at| now.since(*at) < REPETITION);
    if world.recent.insert(key, now).is_some() {
        return Ok(());
    }
    let ids = match (texts(input, "submission_ids"), texts(input, "participant_ids"), text(input, "study_id")) {
        (Some(ids), ..) => ids,
        (None, Some(participants), Some(study)) => {
            world.study(study)?;
            let own = participants.iter().flat_map(|one| world.submissions.of_participant(study, one));
            own.map(|submission| submission.id.clone()).collect()
        }
        _ => Vec::new(),
    };
    for id in ids {
        // What cannot be approved stays as it is; too little money is the only thing that is told.
        let can_be = world.submissions.get(&id).is_some_and(|one| one.status == SubmissionStatus::AwaitingReview);
        if can_be {
            world.act_on_submission(&id, "APPROVE", &Value::Null)?;
        }
    }
    Ok(())
}

fn screen_out(world: &mut World, study: &str, input: &Input) -> Result<Outcome, ApiError> {
    let ids = texts(input, "submission_ids").unwrap_or_default();
    world.study(study)?;
    let mut times: Vec<_> = ids.iter().filter_map(|id| world.submissions.get(id)?.time_taken()).collect();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let wrong = |name: &str| {
        ApiError::bad_request(
            json!({name: ["An amount in the major unit is positive, and has at most two digits after the point."]}),
        )
    };
    let pay = if input.body["bonus_per_submission"].is_null() {
        let per_hour =
            Money::major(&input.body["reward_per_hour"].to_string()).ok_or_else(|| wrong("reward_per_hour"))?;
        per_hour.for_seconds(median)
    } else {
        Money::major(&input.body["bonus_per_submission"].to_string()).ok_or_else(|| wrong("bonus_per_submission"))?
    };
    if pay < Money::minor(MINIMUM_PER_HOUR).for_seconds(median) {
        return Err(ApiError::bad_request("The payment is below the minimum wage for the time that was taken."));
    }
    world.screen_out(study, &ids, pay, input.body["increase_places"].as_bool().unwrap_or_default())?;
    Ok(Outcome::Object(json!({
        "message": "The submissions are being screened out.",
        "payment_per_participant": {"amount": pay.to_json(), "currency": CURRENCY},
    })))
}

/// What a participant gets at least, in pence.
const MINIMUM_PER_HOUR: u64 = 600;
