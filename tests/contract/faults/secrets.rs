//! Neither the token nor anything of a request or a response is in what is printed or logged.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

use prolific_sdk::{Error, ErrorKind};

thread_local! {
    /// Everything that was traced or logged on this thread. A test and its client have a thread for themselves.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What is traced and logged, at every level.
pub(super) struct Log;

impl Log {
    /// Begins anew for this thread.
    pub(super) fn start() -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
                .with_ansi(false)
                .with_writer(|| Writer)
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
            // The transport uses `log` as well.
            tracing_log::LogTracer::init().unwrap();
        });
        TEXT.take();
        Self
    }

    #[expect(clippy::unused_self, reason = "without a start there is nothing to read")]
    pub(super) fn text(&self) -> String {
        TEXT.with_borrow(|text| String::from_utf8_lossy(text).into_owned())
    }

    /// Neither the log nor the error, printed in any way, nor its causes, have anything secret.
    pub(super) fn assert_clean(&self, error: &Error) {
        let log = self.text();
        assert!(
            error.kind() == ErrorKind::InvalidRequest || log.contains(error.operation().path),
            "the call is traced: {log}"
        );
        assert_no_secret(&log);
        assert_none_in(error);
    }
}

/// Neither the error, printed in any way, nor its causes have anything secret.
pub(super) fn assert_none_in(error: &Error) {
    assert_no_secret(&format!("{error} {error:#} {error:?} {error:#?}"));
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        assert_no_secret(&format!("{cause} {cause:#} {cause:?} {cause:#?}"));
        source = cause.source();
    }
}

pub(super) fn assert_no_secret(text: &str) {
    assert!(!text.to_lowercase().contains("canary"), "{text}");
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        TEXT.with_borrow_mut(|text| text.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
