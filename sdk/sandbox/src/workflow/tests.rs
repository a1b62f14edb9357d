//! What holds in every state that can be reached, tried with random sequences of what can happen.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};

use crate::machine::{StudyStatus, SubmissionStatus};
use crate::seed::{Seed, SeedStudy};
use crate::store::World;
use crate::store::clock::Clock;
use crate::store::money::Money;

const DEPOSIT: u64 = 10_000;

/// Something that a program, a participant or the clock does. Numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Create { places: u64, reward: u64 },
    Duplicate(usize),
    Test(usize),
    Act(usize, &'static str),
    Places(usize, u64),
    Slots(usize, u64),
    Take(usize, u8),
    Begin(usize),
    HandIn(usize, &'static str),
    Return(usize),
    Review(usize, &'static str),
    Complete(usize, u8),
    ScreenOut(usize, u64, bool),
    Bonus(usize, u64),
    PayAgain(usize),
    Advance(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..8_usize;
    prop_oneof![
        2 => (0..6_u64, 0..300_u64).prop_map(|(places, reward)| Step::Create { places, reward }),
        1 => at.clone().prop_map(Step::Duplicate),
        1 => at.clone().prop_map(Step::Test),
        8 => (at.clone(), prop::sample::select(vec![
            "PUBLISH", "PUBLISH", "PUBLISH", "PAUSE", "START", "START", "START", "START", "STOP", "SCHEDULE_PUBLISH",
            "CANCEL_PUBLISH",
        ])).prop_map(|(at, action)| Step::Act(at, action)),
        2 => (at.clone(), 0..6_u64).prop_map(|(at, places)| Step::Places(at, places)),
        1 => (at.clone(), 0..4_u64).prop_map(|(at, slots)| Step::Slots(at, slots)),
        16 => (at.clone(), 0..40_u8).prop_map(|(at, who)| Step::Take(at, who)),
        8 => (0..60_usize).prop_map(Step::Begin),
        8 => (0..60_usize, prop::sample::select(vec!["DONE", "DONE", "DONE", "AUTO", "OUT", "BACK", "NONE"]))
            .prop_map(|(at, code)| Step::HandIn(at, code)),
        2 => (0..60_usize).prop_map(Step::Return),
        8 => (0..60_usize, prop::sample::select(vec!["APPROVE", "APPROVE", "REJECT", "REJECT", "UNREJECT", "UNREJECT"]))
            .prop_map(|(at, action)| Step::Review(at, action)),
        2 => (0..60_usize, 0..120_u8).prop_map(|(at, percent)| Step::Complete(at, percent)),
        1 => (0..60_usize, 0..300_u64, any::<bool>()).prop_map(|(at, pay, more)| Step::ScreenOut(at, pay, more)),
        2 => (0..60_usize, 1..500_u64).prop_map(|(at, amount)| Step::Bonus(at, amount)),
        1 => (0..4_usize).prop_map(Step::PayAgain),
        1 => prop::sample::select(vec![1, 1, 700, 700, 3_000, 2_000_000]).prop_map(Step::Advance),
    ]
}

fn codes(slots: u64) -> Value {
    json!([
        {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]},
        {"code": "AUTO", "code_type": "COMPLETED", "actions": [{"action": "AUTOMATICALLY_APPROVE"}]},
        {"code": "OUT", "code_type": "FIXED_SCREENOUT", "actions": [
            {"action": "FIXED_SCREEN_OUT_PAYMENT", "fixed_screen_out_reward": 30, "slots": slots},
        ]},
        {"code": "BACK", "code_type": "NO_CONSENT", "actions": [{"action": "REQUEST_RETURN", "return_reason": "a"}]},
        {"code": "PART", "code_type": "OTHER", "actor": "researcher", "actions": [{"action": "DYNAMIC_PAYMENT"}]},
    ])
}

/// Returns whether it was not refused.
fn perform(world: &mut World, step: &Step) -> bool {
    let of = |count: usize, at: usize| at.checked_rem(count).unwrap_or_default();
    let study =
        |world: &World, at: usize| world.studies.keys().nth(of(world.studies.len(), at)).cloned().unwrap_or_default();
    let submission = |world: &World, at: usize| {
        world
            .submissions
            .values()
            .nth(of(world.submissions.values().len(), at))
            .map(|one| one.id.clone())
            .unwrap_or_default()
    };
    let project = world.projects.keys().next().cloned().unwrap_or_default();
    let result = match step {
        Step::Create { places, reward } => {
            let study = SeedStudy::new("a").places(*places).reward(*reward).field("completion_codes", codes(1));
            world.draft(&project, study.create_request()).map(drop)
        }
        Step::Duplicate(at) => world.duplicate(&study(world, *at), false).map(drop),
        Step::Test(at) => world.publish_test(&study(world, *at)).map(drop),
        Step::Act(at, action) => world.act_on_study(&study(world, *at), action, Some("2024-01-01T01:00:00Z")),
        Step::Places(at, places) => {
            let changes = json!({"total_available_places": places}).as_object().cloned().unwrap_or_default();
            world.update_study(&study(world, *at), changes)
        }
        Step::Slots(at, slots) => {
            let changes = json!({"completion_codes": codes(*slots)}).as_object().cloned().unwrap_or_default();
            world.update_study(&study(world, *at), changes)
        }
        Step::Take(at, who) => world.take(&study(world, *at), &format!("p{who}")).map(drop),
        Step::Begin(at) => world.begin_submission(&submission(world, *at)),
        Step::HandIn(at, code) => {
            world.hand_in(&submission(world, *at), Some(code).filter(|code| **code != "NONE").copied())
        }
        Step::Return(at) => world.return_submission(&submission(world, *at)),
        Step::Review(at, action) => {
            let body = json!({"message": "a".repeat(100), "rejection_category": "OTHER"});
            world.act_on_submission(&submission(world, *at), action, &body)
        }
        Step::Complete(at, percent) => {
            let body = json!({"completion_code": "PART", "completion_code_data": {"percentage_of_reward": percent}});
            world.act_on_submission(&submission(world, *at), "COMPLETE", &body)
        }
        Step::ScreenOut(at, pay, more) => {
            let id = submission(world, *at);
            let study = world.submissions.get(&id).map(|one| one.study.clone()).unwrap_or_default();
            world.screen_out(&study, &[id], Money::minor(*pay), *more)
        }
        Step::Bonus(at, amount) => {
            let id = submission(world, *at);
            let study = world.submissions.get(&id).map(|one| one.study.clone()).unwrap_or_default();
            let line = format!("{id},{}.{:02}", amount / 100, amount % 100);
            world.set_up_bonuses(&study, &line).and_then(|bonus| world.pay_bonuses(&bonus))
        }
        Step::PayAgain(at) => {
            world.pay_bonuses(&world.bonuses.keys().nth(of(world.bonuses.len(), *at)).cloned().unwrap_or_default())
        }
        Step::Advance(seconds) => {
            let until = world.clock.now().after(Duration::from_secs(*seconds));
            assert!(world.advance_to(until), "there are no events");
            Ok(())
        }
    };
    result.is_ok()
}

/// What is wrong with a state.
fn problem(world: &World) -> Option<String> {
    let wallet = &world.workspaces.get("w1")?.wallet;
    if wallet.available() + wallet.reserved() + wallet.paid() != Money::minor(DEPOSIT) {
        return Some(format!("money was lost or made: {wallet:?}"));
    }
    if wallet.available() < Money::ZERO {
        return Some(format!("more was spent than there was: {wallet:?}"));
    }
    for study in world.studies.values() {
        let is_draft = matches!(study.status, StudyStatus::Unpublished | StudyStatus::Scheduled);
        let held = wallet.reserved_for(&study.id);
        if is_draft && (held > Money::ZERO || world.submissions.of(&study.id).next().is_some()) {
            return Some(format!("a draft holds money or has submissions: {study:?}"));
        }
        let roll = world.submissions.roll(&study.id);
        if *roll != world.submissions.counted_anew(&study.id) {
            return Some(format!("submissions are counted wrongly: {roll:?}"));
        }
        let unpaid = roll.number(SubmissionStatus::is_undecided);
        if held < study.price().total().times(unpaid).unwrap_or_default() {
            return Some(format!("a study cannot pay for the submissions that it has: {study:?}"));
        }
        if study.status == StudyStatus::Completed && unpaid > 0 {
            return Some(format!("a study is completed before everything is reviewed: {study:?}"));
        }
    }
    None
}

/// `MONEY_SEQUENCES` tries more of them, and others each time.
#[test]
fn no_sequence_of_events_loses_or_makes_money() {
    let more = env::var("MONEY_SEQUENCES").ok().and_then(|text| text.parse().ok());
    let rng_seed = if more.is_some() { RngSeed::Random } else { RngSeed::Fixed(5) };
    let config = Config { cases: more.unwrap_or(300), rng_seed, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let performed = RefCell::new(BTreeMap::new());
    let tried = runner.run(&prop::collection::vec(step(), 1..150), |steps| {
        let mut world = World::begin(Seed::new().workspace("w1", "Lab").balance(DEPOSIT), Clock::default())
            .map_err(TestCaseError::fail)?;
        world.participants.insert("p0".to_owned(), Some("p0@example.org".to_owned()));
        for step in &steps {
            if perform(&mut world, step) {
                let name = format!("{step:?}");
                let name = name.split([' ', '(']).next().unwrap_or_default().to_owned();
                *performed.borrow_mut().entry(name).or_insert(0) += 1;
            }
            if let Some(problem) = problem(&world) {
                return Err(TestCaseError::fail(format!("after {step:?}: {problem}")));
            }
        }
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
    // Every kind of step has had its effect, so that something was tried.
    let performed = performed.into_inner();
    assert!(performed.len() == 16 && performed.values().all(|count| *count >= 10), "{performed:?}");
}
