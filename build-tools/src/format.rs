//! Formats Rust files with one run of rustfmt. Knows files, not what is in them.

use std::io::{self, Write};
use std::iter;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

use crate::diagnostic::Diagnostic;
use crate::emit::Files;

/// What to do where rustfmt and this tool do not fit.
const HELP: &str = "this is a bug in build-tools";

/// Stands between two files on their way through rustfmt.
const SEPARATOR: &str = "const NEXT_FILE: () = ();";

/// Formats the files that are Rust. They go through rustfmt as one, over a pipe: with a file for each it takes a third
/// longer at a thousand operations.
pub fn format(files: &mut Files) -> Result<(), Diagnostic> {
    let mut rust: Vec<_> =
        files.iter_mut().filter(|(path, _)| path.extension().is_some_and(|extension| extension == "rs")).collect();
    let split: Vec<_> = rust.iter().map(|(_, text)| text.split_at(preamble(text))).collect();
    let items: Vec<_> = split.iter().map(|(_, items)| *items).collect();
    let formatted = rustfmt(&items.join(&format!("\n{SEPARATOR}\n")))?;
    let mut lines = formatted.split_inclusive('\n').peekable();
    let mut next_file = || {
        lines.peek()?;
        Some(lines.by_ref().take_while(|line| line.trim_end() != SEPARATOR).collect::<String>())
    };
    let formatted: Vec<_> = iter::from_fn(&mut next_file).collect();
    if formatted.len() != split.len() {
        let message = format!("rustfmt was given {} files and returned {}", split.len(), formatted.len());
        return Err(Diagnostic::whole("rustfmt", message, HELP));
    }
    let texts: Vec<_> =
        split.iter().zip(formatted).map(|((preamble, _), items)| format!("{preamble}{}\n", items.trim())).collect();
    for ((_, text), formatted) in rust.iter_mut().zip(texts) {
        **text = formatted;
    }
    Ok(())
}

/// How long the comments are that a file opens with. Inner docs are allowed nowhere else.
fn preamble(text: &str) -> usize {
    let is_preamble = |line: &&str| line.trim().is_empty() || line.starts_with("// ") || line.starts_with("//!");
    text.split_inclusive('\n').take_while(is_preamble).map(str::len).sum()
}

fn rustfmt(text: &str) -> Result<String, Diagnostic> {
    let run = || -> io::Result<Output> {
        let mut child = Command::new("rustfmt")
            .arg("--config-path")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../rustfmt.toml"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        thread::scope(|scope| {
            // rustfmt stops reading where it cannot go on, and says why.
            scope.spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
            child.wait_with_output()
        })
    };
    let Output { status, stdout, stderr } = run().map_err(|error| {
        let help = "`rustup component add rustfmt` installs it for this toolchain";
        Diagnostic::whole("rustfmt", format!("rustfmt does not start: {error}"), help)
    })?;
    if !status.success() {
        let message = format!("the generated code is not valid Rust: {}", String::from_utf8_lossy(&stderr));
        return Err(Diagnostic::whole("rustfmt", message, HELP));
    }
    String::from_utf8(stdout)
        .map_err(|error| Diagnostic::whole("rustfmt", format!("rustfmt did not print UTF-8: {error}"), HELP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stay_apart_whatever_is_in_them() {
        let mut files = Files::from([
            ("a.rs".into(), format!("// Generated.\n\n//! A.\n\n/// {SEPARATOR}\nfn  a(){{}}\n")),
            ("b.md".into(), "fn  b(){}".into()),
            ("c.rs".into(), "// Generated.\n\n".into()),
            ("d.rs".into(), "fn  d(){}\n".into()),
        ]);
        format(&mut files).unwrap();
        let texts: Vec<_> = files.values().map(String::as_str).collect();
        let a = format!("// Generated.\n\n//! A.\n\n/// {SEPARATOR}\nfn a() {{}}\n");
        assert_eq!(texts, [a.as_str(), "fn  b(){}", "// Generated.\n\n\n", "fn d() {}\n"]);
    }
}
