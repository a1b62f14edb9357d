//! A lab's program that pays each of some people one pound: settles what an earlier run left open, and pays the rest. Its
//! journal can break.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use prolific_sdk::payments::{Entry, FileJournal, Intent, Journal, Record};
use prolific_sdk::{Client, Effect};

use super::{STUDY, line};

/// What happens to the journal, and to the program.
#[derive(Clone, Copy, Debug)]
pub enum Break {
    /// The disk is full before anything is written.
    Full,
    /// The line is written, and the write fails all the same.
    Unsure,
    CrashBefore,
    CrashAfter,
    /// The program crashes after so many bytes of the line.
    CrashWithin(usize),
}

/// A journal in a file that breaks when it appends for the nth time.
pub struct BreakingJournal {
    path: PathBuf,
    inner: FileJournal,
    breaks: Option<(usize, Break)>,
    crash: fn() -> !,
    appended: AtomicUsize,
}

impl BreakingJournal {
    pub fn open(path: &Path, breaks: Option<(usize, Break)>, crash: fn() -> !) -> Self {
        let (inner, appended) = (FileJournal::open(path).unwrap(), AtomicUsize::new(0));
        Self { path: path.to_owned(), inner, breaks, crash, appended }
    }
}

impl Journal for BreakingJournal {
    fn transact(&self, decide: &mut dyn FnMut(&[Record]) -> Option<Record>) -> io::Result<()> {
        let mut now = None;
        let result = self.inner.transact(&mut |records| {
            let record = decide(records)?;
            let nth = self.appended.fetch_add(1, Ordering::Relaxed);
            now = self.breaks.filter(|(at, _)| *at == nth).map(|(_, what)| what);
            match now {
                Some(Break::Full) => None,
                Some(Break::CrashBefore) => (self.crash)(),
                Some(Break::CrashWithin(bytes)) => {
                    let text = serde_json::to_vec(&record).unwrap();
                    let mut file = OpenOptions::new().append(true).open(&self.path).unwrap();
                    // As the journal does with what an earlier crash left.
                    let before = std::fs::read(&self.path).unwrap();
                    let whole = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                    if serde_json::from_slice::<Record>(&before[whole..]).is_err() {
                        file.set_len(whole as u64).unwrap();
                    } else {
                        file.write_all(b"\n").unwrap();
                    }
                    file.write_all(&text[..bytes.min(text.len())]).unwrap();
                    (self.crash)()
                }
                _ => Some(record),
            }
        });
        match now {
            Some(Break::Full | Break::Unsure) => Err(io::ErrorKind::StorageFull.into()),
            Some(Break::CrashAfter) => (self.crash)(),
            _ => result,
        }
    }
}

/// What a run says of these people: whether they were paid by it.
pub type Claim = (Effect, Vec<String>);

/// One run of the program.
pub async fn run(client: &Client, journal: &dyn Journal, people: &[String], settling: Duration) -> Option<Claim> {
    for entry in journal.unsettled().ok()? {
        client.reconcile(journal, &entry, settling).await.ok()?;
    }
    let entries = journal.entries().ok()?;
    let done = entries.iter().filter(|entry| entry.effect() != Effect::NotApplied).flat_map(people_of);
    let done: BTreeSet<_> = done.collect();
    let left: Vec<_> = people.iter().filter(|person| !done.contains(*person)).cloned().collect();
    if left.is_empty() {
        return None;
    }
    let quote = client.bonuses().prepare(STUDY, left.iter().map(|person| line(person, "1.00"))).await.ok()?;
    let effect = quote.pay(journal).await.map_or_else(|error| error.effect(), |_| Effect::Applied);
    Some((effect, left))
}

/// Whom an entry is about.
pub fn people_of(entry: &Entry) -> Vec<String> {
    match entry.intent() {
        Intent::PayBonuses(intent) => intent.lines.iter().map(|line| line.participant.to_string()).collect(),
        _ => Vec::new(),
    }
}
