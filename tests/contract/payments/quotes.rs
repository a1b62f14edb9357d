//! Quotes: what they show, what they refuse, and that they pay once.

use std::time::Duration;

use prolific_sandbox::{Fault, Quirk};
use prolific_sdk::Effect;
use prolific_sdk::payments::{BonusLine, Journal, MemoryJournal, PayError, PrepareError, SETTLING_TIME};
use prolific_sdk::types::{DuplicateStudy, MajorUnits, MinorUnits, StudyStatus};

use super::{STUDY, calls, ledger, line, start, start_with};

#[tokio::test]
async fn a_quote_shows_what_is_paid_and_to_whom() {
    let (_sandbox, client) = start(3).await;
    let submission = client.submissions().list(STUDY).stream().try_next().await.unwrap().unwrap();
    let lines = [BonusLine::for_submission(&submission.id, "1.50".parse().unwrap()), line("p2", "30")];
    let quote = client.bonuses().prepare(STUDY, lines).await.unwrap();
    let shown: Vec<_> =
        quote.lines().iter().map(|line| (line.participant.to_string(), line.amount, line.is_repeated)).collect();
    assert_eq!(
        shown,
        [
            (submission.participant_id.to_string(), MinorUnits::new(150), false),
            ("p2".into(), MinorUnits::new(3000), false)
        ]
    );
    let totals = [quote.amount(), quote.fees(), quote.vat(), Some(quote.total())];
    // The fees are a third, and the VAT a fifth of them.
    assert_eq!(totals, [3150, 1050, 210, 4410].map(|pence| Some(MinorUnits::new(pence))));
    assert_eq!(quote.currency(), Some("GBP"));
}

#[tokio::test]
async fn a_quote_that_is_dropped_pays_nothing_and_one_that_is_paid_pays_once() {
    let (sandbox, client) = start(2).await;
    let journal = MemoryJournal::new();
    drop(client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap());
    assert_eq!(ledger(&client, "p1").await, [""; 0]);

    let quote = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap();
    let paid = quote.pay(&journal).await.unwrap();
    assert_eq!((paid.entry, journal.entries().unwrap()[0].effect()), (1, Effect::Applied));
    assert_eq!((ledger(&client, "p1").await, calls(&sandbox, "/pay/")), (vec!["100".to_owned()], 1));
}

#[tokio::test]
async fn more_than_the_limit_is_refused_before_anything_is_sent() {
    let (sandbox, client) = start(1).await;
    let journal = MemoryJournal::new();
    for (limit, is_paid) in [(139, false), (140, true)] {
        let quote = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap();
        let paid = quote.at_most(MinorUnits::new(limit)).pay(&journal).await;
        assert_eq!(paid.is_ok(), is_paid, "{paid:?}");
        if let Err(error) = paid {
            assert!(matches!(error, PayError::OverLimit { .. }) && error.effect() == Effect::NotApplied, "{error}");
            assert_eq!((calls(&sandbox, "/pay/"), journal.entries().unwrap().len()), (0, 0));
        }
    }
}

#[tokio::test]
async fn a_second_bonus_is_shown_and_refused_unless_it_is_meant() {
    let (sandbox, client) = start(2).await;
    let journal = MemoryJournal::new();
    // On two lines.
    let twice = || [line("p1", "1.00"), line("p1", "2.00"), line("p2", "1.00")];
    let quote = client.bonuses().prepare(STUDY, twice()).await.unwrap();
    assert_eq!(quote.repeats().map(|line| line.participant.as_str()).collect::<Vec<_>>(), ["p1", "p1"]);
    assert!(matches!(quote.pay(&journal).await, Err(PayError::Repeated { .. })));
    assert_eq!((calls(&sandbox, "/pay/"), journal.entries().unwrap().len()), (0, 0));
    client.bonuses().prepare(STUDY, twice()).await.unwrap().allow_repeats().pay(&journal).await.unwrap();
    assert_eq!(ledger(&client, "p1").await, ["100", "200"]);

    // By the service.
    let quote = client.bonuses().prepare(STUDY, [line("p2", "1.00")]).await.unwrap();
    assert_eq!(quote.lines()[0].before, [MinorUnits::new(100)]);
    assert!(matches!(quote.pay(&MemoryJournal::new()).await, Err(PayError::Repeated { .. })));
}

#[tokio::test]
async fn what_the_service_does_not_show_yet_the_journal_knows() {
    let (sandbox, client) = start_with(1, &[Quirk::LateBonuses]).await;
    let journal = MemoryJournal::new();
    let first = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap();
    let second = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap();
    first.pay(&journal).await.unwrap();
    let error = second.pay(&journal).await.unwrap_err();
    assert!(matches!(error, PayError::Repeated { line: 1, entry: Some(1), .. }), "{error}");
    assert_eq!(calls(&sandbox, "/pay/"), 1);
}

#[tokio::test]
async fn nothing_is_paid_before_it_is_known_what_came_of_the_last_payment() {
    let (sandbox, client) = start(2).await;
    let journal = MemoryJournal::new();
    sandbox.inject(Fault::lost_response().on("bonuses_pay"));
    let error = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().pay(&journal).await.unwrap_err();
    assert!(matches!(error, PayError::Failed { entry: 1, .. }) && error.effect() == Effect::Unknown, "{error}");
    let entries = journal.unsettled().unwrap();
    assert_eq!(entries.len(), 1);

    let quote = client.bonuses().prepare(STUDY, [line("p1", "0.50")]).await.unwrap();
    let error = quote.allow_repeats().pay(&journal).await.unwrap_err();
    assert!(matches!(error, PayError::Unsettled { entry: 1 }), "{error}");
    // Others are not affected.
    client.bonuses().prepare(STUDY, [line("p2", "1.00")]).await.unwrap().pay(&journal).await.unwrap();

    assert_eq!(client.reconcile(&journal, &entries[0], SETTLING_TIME).await.unwrap(), Effect::Applied);
    assert!(journal.unsettled().unwrap().is_empty());
    assert_eq!(ledger(&client, "p1").await, ["100"]);
}

#[tokio::test]
async fn what_is_not_visible_is_unknown_until_the_settling_time_has_passed() {
    let (sandbox, client) = start(1).await;
    let journal = MemoryJournal::new();
    sandbox.inject(Fault::reset().on("bonuses_pay"));
    client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().pay(&journal).await.unwrap_err();
    let entry = &journal.unsettled().unwrap()[0];
    assert_eq!(client.reconcile(&journal, entry, SETTLING_TIME).await.unwrap(), Effect::Unknown);
    assert_eq!(client.reconcile(&journal, entry, Duration::ZERO).await.unwrap(), Effect::NotApplied);
    // What was found out is not asked again.
    let asked = sandbox.requests().len();
    assert_eq!(client.reconcile(&journal, entry, SETTLING_TIME).await.unwrap(), Effect::NotApplied);
    assert_eq!(sandbox.requests().len(), asked);
    client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().pay(&journal).await.unwrap();
    assert_eq!(ledger(&client, "p1").await, ["100"]);
}

#[tokio::test]
async fn a_bonus_from_before_is_not_taken_for_the_one_that_is_looked_for() {
    let (sandbox, client) = start(1).await;
    let journal = MemoryJournal::new();
    client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().pay(&journal).await.unwrap();
    for (fault, effect) in [(Fault::reset(), Effect::NotApplied), (Fault::lost_response(), Effect::Applied)] {
        sandbox.inject(fault.on("bonuses_pay"));
        let quote = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().allow_repeats();
        quote.pay(&journal).await.unwrap_err();
        let entry = &journal.unsettled().unwrap()[0];
        assert_eq!(client.reconcile(&journal, entry, Duration::ZERO).await.unwrap(), effect);
    }
}

#[tokio::test]
async fn one_of_two_equal_bonuses_is_not_both() {
    let (sandbox, client) = start(1).await;
    let journal = MemoryJournal::new();
    sandbox.inject(Fault::reset().on("bonuses_pay"));
    let twice = [line("p1", "1.00"), line("p1", "1.00")];
    let quote = client.bonuses().prepare(STUDY, twice).await.unwrap().allow_repeats();
    quote.pay(&journal).await.unwrap_err();
    let outside = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap();
    outside.pay(&MemoryJournal::new()).await.unwrap();
    let entry = &journal.unsettled().unwrap()[0];
    assert_eq!(client.reconcile(&journal, entry, Duration::ZERO).await.unwrap(), Effect::Unknown);
}

#[tokio::test]
async fn a_bonus_that_shows_late_is_unknown_until_it_shows() {
    let (sandbox, client) = start_with(1, &[Quirk::LateBonuses]).await;
    let journal = MemoryJournal::new();
    let prepare = async || client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().allow_repeats();
    // The first is accepted, and the response of the second is lost. Neither shows.
    prepare().await.pay(&journal).await.unwrap();
    sandbox.inject(Fault::lost_response().on("bonuses_pay"));
    prepare().await.pay(&journal).await.unwrap_err();
    let entry = &journal.unsettled().unwrap()[0];
    assert_eq!(client.reconcile(&journal, entry, SETTLING_TIME).await.unwrap(), Effect::Unknown);
    sandbox.advance(Duration::from_secs(200)).await;
    assert_eq!(client.reconcile(&journal, entry, SETTLING_TIME).await.unwrap(), Effect::Applied);

    // One that was accepted before shows, and the one that is looked for was not performed.
    prepare().await.pay(&journal).await.unwrap();
    sandbox.inject(Fault::reset().on("bonuses_pay"));
    prepare().await.pay(&journal).await.unwrap_err();
    let entry = &journal.unsettled().unwrap()[0];
    sandbox.advance(Duration::from_secs(200)).await;
    assert_eq!(client.reconcile(&journal, entry, Duration::ZERO).await.unwrap(), Effect::Unknown);
}

#[tokio::test]
async fn who_is_missing_in_the_list_is_not_taken_for_unpaid() {
    let (sandbox, client) = start(1).await;
    let journal = MemoryJournal::new();
    sandbox.inject(Fault::reset().on("bonuses_pay"));
    client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().pay(&journal).await.unwrap_err();
    let entry = &journal.unsettled().unwrap()[0];
    let empty = sandbox
        .inject(Fault::status(200).body("application/json", r#"{"results": []}"#).on("submissions_list").every());
    assert_eq!(client.reconcile(&journal, entry, Duration::ZERO).await.unwrap(), Effect::Unknown);
    empty.remove();
    let without = r#"{"id": "640000000000000000000001", "study_id": "s", "status": "APPROVED", "started_at": "2026-01-01T00:00:00Z"}"#;
    sandbox.inject(Fault::status(200).body("application/json", without).on("submissions_get").every());
    assert_eq!(client.reconcile(&journal, entry, Duration::ZERO).await.unwrap(), Effect::Unknown);
    sandbox.clear_faults();
    assert_eq!(client.reconcile(&journal, entry, Duration::ZERO).await.unwrap(), Effect::NotApplied);
}

#[tokio::test]
async fn who_was_paid_since_the_quote_is_not_paid_again() {
    let (sandbox, client) = start(1).await;
    let quote = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap();
    let other = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap();
    other.pay(&MemoryJournal::new()).await.unwrap();
    assert!(matches!(quote.pay(&MemoryJournal::new()).await, Err(PayError::Repeated { .. })));
    assert_eq!(calls(&sandbox, "/pay/"), 1);
}

#[tokio::test]
async fn what_cannot_be_sent_is_reported_with_its_line() {
    let (sandbox, client) = start(1).await;
    let prepare = async |lines: Vec<BonusLine>| client.bonuses().prepare(STUDY, lines).await.unwrap_err();
    assert!(matches!(prepare(Vec::new()).await, PrepareError::NoLines));
    for (participant, amount) in
        [("", "1"), ("p1,5\np1", "1"), ("p1", "0"), ("p1", "-1"), ("p1", "0.005"), ("p\u{200b}1", "1")]
    {
        let error = prepare(vec![line("p1", "1"), line(participant, amount)]).await;
        assert!(matches!(error, PrepareError::InvalidLine { line: 2, .. }), "{participant:?} {amount}: {error}");
    }
    assert_eq!(sandbox.requests().len(), 0);
    let error = prepare(vec![line("p1", "1"), line("stranger", "1")]).await;
    assert!(matches!(error, PrepareError::NotInStudy { line: 2 }), "{error}");
    assert_eq!(calls(&sandbox, "/bonus-payments/"), 0);
}

#[tokio::test]
async fn other_amounts_than_were_sent_are_not_paid() {
    let (sandbox, client) = start(1).await;
    let other = r#"{"id": "b1", "amount": 15000, "fees": 0, "vat": 0, "total_amount": 15000}"#;
    sandbox.inject(Fault::status(201).body("application/json", other).on("bonuses_set_up"));
    let error = client.bonuses().prepare(STUDY, [line("p1", "1.50")]).await.unwrap_err();
    assert!(matches!(&error, PrepareError::Misunderstood { sent, .. } if *sent == MinorUnits::new(150)), "{error}");
    let other = r#"{"id": "b1", "study": "another", "amount": 150, "total_amount": 210}"#;
    sandbox.inject(Fault::status(201).body("application/json", other).on("bonuses_set_up"));
    let error = client.bonuses().prepare(STUDY, [line("p1", "1.50")]).await.unwrap_err();
    assert!(matches!(&error, PrepareError::Misunderstood { .. }), "{error}");
}

#[tokio::test]
async fn a_study_is_published_once_within_the_limit_and_known_to_be() {
    let (sandbox, client) = start(1).await;
    let draft = client.studies().duplicate(STUDY, DuplicateStudy::default()).send().await.unwrap().id;
    let journal = MemoryJournal::new();
    let quote = client.studies().prepare_publishing(&draft).await.unwrap();
    assert_eq!((quote.total(), quote.currency()), (MinorUnits::new(210), Some("GBP")));
    let error = quote.at_most(MinorUnits::new(209)).publish(&journal).await.unwrap_err();
    assert!(matches!(error, PayError::OverLimit { .. }), "{error}");

    sandbox.inject(Fault::reset().on("studies_transition"));
    client.studies().prepare_publishing(&draft).await.unwrap().publish(&journal).await.unwrap_err();
    let again = client.studies().prepare_publishing(&draft).await.unwrap().publish(&journal).await.unwrap_err();
    assert!(matches!(again, PayError::Unsettled { entry: 1 }), "{again}");
    let entry = &journal.unsettled().unwrap()[0];
    assert_eq!(client.reconcile(&journal, entry, SETTLING_TIME).await.unwrap(), Effect::Unknown);
    assert_eq!(client.reconcile(&journal, entry, Duration::ZERO).await.unwrap(), Effect::NotApplied);

    sandbox.inject(Fault::lost_response().on("studies_transition"));
    client.studies().prepare_publishing(&draft).await.unwrap().publish(&journal).await.unwrap_err();
    let entry = &journal.unsettled().unwrap()[0];
    assert_eq!(client.reconcile(&journal, entry, SETTLING_TIME).await.unwrap(), Effect::Applied);
    let error = client.studies().prepare_publishing(&draft).await.unwrap_err();
    assert!(matches!(error, PrepareError::NotADraft(StudyStatus::Active)), "{error}");
}

#[test]
fn amounts_round_trip_through_text_and_json_and_between_units() {
    use proptest::prelude::*;

    let amounts = (any::<i64>(), 0..=6_usize).prop_map(|(digits, places)| {
        let digits = digits % 1_000_000_000_000;
        let (sign, digits) =
            (if digits < 0 { "-" } else { "" }, format!("{:0>width$}", digits.unsigned_abs(), width = places + 1));
        let (whole, fraction) = digits.split_at(digits.len() - places);
        if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    });
    let mut runner = crate::properties::runner("amounts", proptest::test_runner::Config::default());
    let checked = runner.run(&(amounts.clone(), amounts), |(one, other)| {
        let (one, other): (MinorUnits, MinorUnits) = (one.parse().unwrap(), other.parse().unwrap());
        prop_assert_eq!(one.to_string().parse(), Ok(one));
        prop_assert_eq!(one.to_major().to_string().parse(), Ok(one.to_major()));
        prop_assert_eq!(one.to_major().to_minor(), Some(one));
        let json = serde_json::to_string(&one).unwrap();
        prop_assert_eq!(serde_json::from_str::<MinorUnits>(&json).unwrap(), one, "{}", json);
        let major: MajorUnits = serde_json::from_str(&serde_json::to_string(&one.to_major()).unwrap()).unwrap();
        prop_assert_eq!(major, one.to_major());
        // Addition and order, against each other.
        let sum = one.checked_add(other).unwrap();
        prop_assert_eq!(sum.checked_sub(other), Some(one));
        prop_assert_eq!(one < other, one.checked_sub(other).unwrap() < MinorUnits::ZERO);
        Ok(())
    });
    checked.unwrap();
}
