//! A journal in a file: a line of JSON for each record, locked while it is used, and never shortened but by what a crash
//! left half-written.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::journal::{Journal, Record};

/// A journal in a file: append-only, a line of JSON for each record.
///
/// Each line is in permanent storage (`fsync`) before the request that it announces is sent. A program that crashes at any
/// byte leaves a journal that can be read: a last line that is not whole was never acted on, and is removed when the next
/// one is written. A loss of power may damage the last line in another way; opening the journal fails then, and names it. Several programs on one machine may use a file at once, since it is locked while it is read and written; on
/// network file systems, locks are often not reliable. Whoever needs the lock waits for it, and a record takes about as long
/// as the disk needs. Do not delete or move the file while a program uses it.
///
/// The file has the ids of participants and what they are paid. It is created so that only its owner can read it, on systems
/// that have such permissions.
///
/// ```no_run
/// use prolific_sdk::payments::{FileJournal, Journal};
///
/// let journal = FileJournal::open("payments.jsonl")?;
/// for entry in journal.unsettled()? {
///     println!("not known whether it was done: {:?}", entry.intent());
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct FileJournal {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    file: File,
    /// What was read so far, which ends with a whole line at this byte.
    records: Vec<Record>,
    end: u64,
    /// Whether the last of them has no line end, which somebody else took away.
    is_open: bool,
}

impl FileJournal {
    /// Opens the journal, or creates an empty one, and reads it.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened, created or read, or when it has a line, other than an incomplete last one, that is not
    /// a record.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let mut options = OpenOptions::new();
        // Not for appending: a file that is cannot be shortened on Windows.
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|error| at(&path, error))?;
        // So that the file itself outlives a crash of the machine. Only on Unix a folder can be opened like this.
        #[cfg(unix)]
        {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| at(folder, error))?;
        }
        let journal = Self { path, state: Mutex::new(State { file, records: Vec::new(), end: 0, is_open: false }) };
        journal.entries()?;
        Ok(journal)
    }
}

impl Journal for FileJournal {
    fn transact(&self, decide: &mut dyn FnMut(&[Record]) -> Option<Record>) -> io::Result<()> {
        // A panic in `decide` leaves what was read as it is.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.file.lock().map_err(|error| at(&self.path, error))?;
        let locked = Locked(&mut state);
        locked.0.transact(decide).map_err(|error| at(&self.path, error))
    }
}

/// Unlocks the file when it is dropped, also by a panic in `decide`.
struct Locked<'a>(&'a mut State);

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // What is done is done: an error here would make a caller believe that nothing was written.
        let _ = self.0.file.unlock();
    }
}

impl State {
    fn transact(&mut self, decide: &mut dyn FnMut(&[Record]) -> Option<Record>) -> io::Result<()> {
        self.read()?;
        let Some(record) = decide(&self.records) else { return Ok(()) };
        let mut line = if self.is_open { vec![b'\n'] } else { Vec::new() };
        serde_json::to_writer(&mut line, &record)?;
        line.push(b'\n');
        if self.file.metadata()?.len() > self.end {
            self.file.set_len(self.end)?;
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        if let Err(error) = self.file.write_all(&line).and_then(|()| self.file.sync_data()) {
            // As if it had not been tried. If this fails as well, what is left is an intent that was not acted on, or an
            // outcome that is true.
            let _ = self.file.set_len(self.end);
            return Err(error);
        }
        self.end += line.len() as u64;
        self.is_open = false;
        self.records.push(record);
        Ok(())
    }

    /// Reads what has been written since.
    fn read(&mut self) -> io::Result<()> {
        if self.file.metadata()?.len() < self.end {
            return Err(io::Error::new(ErrorKind::InvalidData, "the journal is shorter than it was"));
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        let mut new = Vec::new();
        self.file.read_to_end(&mut new)?;
        let mut new = new.as_slice();
        if self.is_open && new.first() == Some(&b'\n') {
            new = &new[1..];
            self.end += 1;
            self.is_open = false;
        }
        for line in new.split_inclusive(|byte| *byte == b'\n') {
            let number = self.records.len() + 1;
            let invalid = |what: &str| io::Error::new(ErrorKind::InvalidData, format!("line {number} {what}"));
            let record = match serde_json::from_slice::<Record>(line) {
                Ok(record) => record,
                // What a crash left, and no other program's file: the next record takes its place.
                Err(_) if begins_record(line) => return Ok(()),
                Err(_) => return Err(invalid("is not a record of this journal")),
            };
            if !record.follows(&self.records) {
                return Err(invalid("does not follow from those before it: is the file made of several journals?"));
            }
            self.records.push(record);
            self.end += line.len() as u64;
            self.is_open = !line.ends_with(b"\n");
        }
        Ok(())
    }
}

/// Whether a text without a line end can be the beginning of a record.
fn begins_record(text: &[u8]) -> bool {
    let begins = |start: &[u8]| text.starts_with(start) || start.starts_with(text);
    !text.ends_with(b"\n") && (begins(b"{\"intent\":") || begins(b"{\"outcome\":"))
}

/// An error with what it is about.
#[derive(Debug)]
struct JournalFileError {
    what: String,
    source: io::Error,
}

impl fmt::Display for JournalFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.source)
    }
}

impl std::error::Error for JournalFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The error itself is in the text.
        self.source.source()
    }
}

fn at(path: &Path, source: io::Error) -> io::Error {
    io::Error::new(source.kind(), JournalFileError { what: path.display().to_string(), source })
}
