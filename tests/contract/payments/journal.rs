//! The journal in a file: whatever is left of it after a crash can be read, and says the truth.

use std::fs;
use std::sync::Arc;

use prolific_sandbox::Fault;
use prolific_sdk::Effect;
use prolific_sdk::payments::{Entry, FileJournal, Journal, MemoryJournal, Record};
use serde_json::json;

use super::{STUDY, client, ledger, line, lines, start};

#[tokio::test]
async fn a_line_is_written_before_the_request_and_one_after_it() {
    let (sandbox, client) = start(1).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    let journal = FileJournal::open(&path).unwrap();
    client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().pay(&journal).await.unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let [intent, outcome] = &lines(&text)[..] else { panic!("{text}") };
    assert_eq!(intent["intent"]["to"]["pay_bonuses"]["lines"][0]["participant"], "p1", "{text}");
    assert_eq!(*outcome, json!({"outcome": {"entry": 1, "effect": "applied"}}), "{text}");
    assert!(!text.contains(sandbox.token()));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
}

#[tokio::test]
async fn a_journal_that_ends_at_any_byte_can_be_read_and_written() {
    let (_sandbox, client) = start(2).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    let journal = FileJournal::open(&path).unwrap();
    client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().pay(&journal).await.unwrap();
    let whole = fs::read(&path).unwrap();
    let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for end in 0..=whole.len() {
        let cut = folder.path().join(format!("cut-{end}.jsonl"));
        fs::write(&cut, &whole[..end]).unwrap();
        let journal = FileJournal::open(&cut).unwrap();
        let effects: Vec<_> = journal.entries().unwrap().iter().map(Entry::effect).collect();
        let expected: &[Effect] = match end {
            // A line that lacks only its end is whole.
            _ if end < first - 1 => &[],
            _ if end < whole.len() - 1 => &[Effect::Unknown],
            _ => &[Effect::Applied],
        };
        assert_eq!(effects, expected, "{end}");
        // What is written next is whole, and nothing of what was whole is lost.
        let next = json!({"intent": {"entry": effects.len() + 1, "at": 0, "to": {"publish_study": {"study": "s2", "total": 1}}}});
        journal.transact(&mut |_| Some(serde_json::from_value(next.clone()).unwrap())).unwrap();
        let text = fs::read_to_string(&cut).unwrap();
        assert_eq!(lines(&text).last(), Some(&next), "{text}");
        let before = effects.len() + usize::from(effects == [Effect::Applied]);
        assert_eq!(lines(&text).len(), before + 1, "{text}");
        assert_eq!(FileJournal::open(&cut).unwrap().entries().unwrap(), journal.entries().unwrap());
    }
}

/// An editor may take the last line end away. Another program that has the file open meets the next line all the same.
#[tokio::test]
async fn an_intent_without_its_line_end_counts() {
    let (sandbox, client) = start(2).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    let journal = FileJournal::open(&path).unwrap();
    sandbox.inject(Fault::lost_response().on("bonuses_pay"));
    client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap().pay(&journal).await.unwrap_err();
    let text = fs::read_to_string(&path).unwrap();
    let intent = text.lines().next().unwrap();
    fs::write(&path, intent).unwrap();

    let (one, other) = (FileJournal::open(&path).unwrap(), FileJournal::open(&path).unwrap());
    assert_eq!(one.unsettled().unwrap().len(), 1);
    client.bonuses().prepare(STUDY, [line("p2", "1.00")]).await.unwrap().pay(&one).await.unwrap();
    assert_eq!(other.entries().unwrap().len(), 2);
    assert_eq!(lines(&fs::read_to_string(&path).unwrap()).len(), 3);
}

#[test]
fn files_of_other_programs_and_journals_put_together_are_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    let intent = r#"{"intent":{"entry":1,"at":0,"to":{"publish_study":{"study":"s1","total":1}}}}"#;
    let outcome = r#"{"outcome":{"entry":1,"effect":"applied"}}"#;
    for (text, says) in [
        (r#"{"my": "config"}"#.to_owned(), "line 1 is not a record"),
        ("participant_id,amount".to_owned(), "line 1 is not a record"),
        (format!("{intent}\n{intent}\n"), "line 2 does not follow"),
        (format!("{outcome}\n"), "line 1 does not follow"),
    ] {
        fs::write(&path, &text).unwrap();
        let error = FileJournal::open(&path).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn somebody_who_has_looked_can_settle_an_entry() {
    let journal = MemoryJournal::new();
    let intent = json!({"intent": {"entry": 1, "at": 0, "to": {"publish_study": {"study": "s1", "total": 1}}}});
    journal.transact(&mut |_| Some(serde_json::from_value(intent.clone()).unwrap())).unwrap();
    journal.settle(&journal.unsettled().unwrap()[0], Effect::NotApplied).unwrap();
    assert!(journal.unsettled().unwrap().is_empty());
}

#[tokio::test]
async fn a_line_that_is_no_record_is_an_error_with_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    for (text, number) in [("{}\n", 1), ("[]\n\n", 1), ("\u{0}\u{0}\n", 1)] {
        fs::write(&path, text).unwrap();
        let error = FileJournal::open(&path).unwrap_err().to_string();
        assert!(
            error.contains(&format!("line {number} is not a record")) && error.contains("payments.jsonl"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    let error = FileJournal::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains(folder.path().to_str().unwrap()), "{error}");
}

#[test]
fn a_panic_leaves_the_journal_usable_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    let journal = FileJournal::open(&path).unwrap();
    let crash = || journal.transact(&mut |_| std::panic::resume_unwind(Box::new(()))).unwrap();
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(crash)).unwrap_err();
    assert!(fs::File::open(&path).unwrap().try_lock().is_ok());
}

#[test]
fn the_file_is_locked_from_reading_to_writing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    let journal = FileJournal::open(&path).unwrap();
    let is_locked = || fs::File::open(&path).unwrap().try_lock().is_err();
    let mut was_locked = false;
    journal
        .transact(&mut |_| {
            was_locked = is_locked();
            None
        })
        .unwrap();
    assert!(was_locked && !is_locked());
}

/// A program that sleeps before it sends may hear of its success after another one has found nothing.
#[test]
fn that_something_was_done_is_never_taken_back() {
    let journal = MemoryJournal::new();
    let record = |json| Some(serde_json::from_value::<Record>(json).unwrap());
    let intent = json!({"publish_study": {"study": "s1", "total": 210}});
    journal.transact(&mut |_| record(json!({"intent": {"entry": 1, "at": 1_764_460_800, "to": intent}}))).unwrap();
    for (effect, then) in [
        ("unknown", Effect::Unknown),
        ("not_applied", Effect::NotApplied),
        ("unknown", Effect::NotApplied),
        ("applied", Effect::Applied),
        ("not_applied", Effect::Applied),
    ] {
        journal.transact(&mut |_| record(json!({"outcome": {"entry": 1, "effect": effect}}))).unwrap();
        assert_eq!(journal.entries().unwrap()[0].effect(), then);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_programs_that_pay_the_same_person_at_once_one_pays() {
    let (sandbox, _) = start(1).await;
    let folder = tempfile::tempdir().unwrap();
    let path = Arc::new(folder.path().join("payments.jsonl"));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (client, path) = (client(sandbox.url(), sandbox.token()), path.clone());
            tokio::spawn(async move {
                let journal = FileJournal::open(&*path).unwrap();
                let quote = client.bonuses().prepare(STUDY, [line("p1", "1.00")]).await.unwrap();
                quote.pay(&journal).await.is_ok()
            })
        })
        .collect();
    let mut paid = 0;
    for task in tasks {
        paid += usize::from(task.await.unwrap());
    }
    assert_eq!(paid, 1);
    assert_eq!(ledger(&client(sandbox.url(), sandbox.token()), "p1").await, ["100"]);
}
