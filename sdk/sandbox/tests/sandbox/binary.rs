//! The binary: arguments, startup lines, exit codes.

use std::io::{BufRead, BufReader, Read, Result};
use std::process::{Child, Command, Output, Stdio};

use prolific_sandbox::check_response;

use crate::http::{GROUPS, send};

const BINARY: &str = env!("CARGO_BIN_EXE_prolific-sandbox");

/// Kills the process when the test ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(arguments: &[&str]) -> Result<(Option<i32>, String, String)> {
    let Output { status, stdout, stderr } = Command::new(BINARY).args(arguments).output()?;
    Ok((status.code(), String::from_utf8_lossy(&stdout).into_owned(), String::from_utf8_lossy(&stderr).into_owned()))
}

#[test]
fn it_prints_what_a_client_needs_and_serves() -> Result<()> {
    let mut child = Running(Command::new(BINARY).args(["--token", "my-token"]).stdout(Stdio::piped()).spawn()?);
    let lines = BufReader::new(child.0.stdout.take().ok_or(std::io::ErrorKind::Other)?);
    let lines: Vec<_> = lines.lines().take(3).collect::<Result<_>>()?;
    let url = lines[1].strip_prefix("export PROLIFIC_URL=").unwrap_or_default();
    assert!(url.starts_with("http://127.0.0.1:"), "{lines:?}");
    assert_eq!(lines[0], format!("Serving on {url} until Ctrl-C. For the client:"));
    assert_eq!(lines[2], "export PROLIFIC_TOKEN=my-token");
    let head = [&format!("POST {GROUPS}"), "Authorization: Token my-token", "Content-Type: application/json"];
    assert_eq!(send(url, &head, br#"{"name": "a", "workspace_id": "w"}"#)?.status, 201);
    Ok(())
}

/// Writes a file for a test, in a directory that `cargo clean` removes.
fn file(name: &str, content: &str) -> Result<String> {
    let path = format!("{}/{}-{name}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    std::fs::write(&path, content)?;
    Ok(path)
}

#[test]
fn it_starts_with_the_groups_of_a_file() -> Result<()> {
    let path = file("seed.json", r#"{"groups": [{"id": "g1", "name": "Pilot", "workspace_id": "w1"}]}"#)?;
    let mut child = Running(Command::new(BINARY).args(["--seed", &path]).stdout(Stdio::piped()).spawn()?);
    let mut lines = BufReader::new(child.0.stdout.take().ok_or(std::io::ErrorKind::Other)?).lines();
    let url = lines.nth(1).transpose()?.unwrap_or_default();
    let url = url.trim_start_matches("export PROLIFIC_URL=");
    let response = send(url, &[&format!("GET {GROUPS}g1/"), "Authorization: Token sandbox-token"], b"")?;
    assert_eq!(check_response("participant_groups_get", 200, &response.body), Ok(()));
    assert_eq!((response.status, &response.json()["name"]), (200, &"Pilot".into()));
    Ok(())
}

#[test]
fn a_mistake_in_the_file_is_reported_with_its_place() -> Result<()> {
    let path = file("mistake.json", "{\n  \"groups\": [{\"name\": 5}]\n}")?;
    let (code, output, error) = run(&["--seed", &path])?;
    assert_eq!((code, output.as_str()), (Some(1), ""));
    let problem = "invalid type: integer `5`, expected a string at line 2 column 23";
    assert_eq!(error, format!("prolific-sandbox: {path}: {problem}\n"));

    let (code, _, error) = run(&["--seed", "/nowhere/seed.json"])?;
    assert_eq!(code, Some(1));
    assert!(error.starts_with("prolific-sandbox: /nowhere/seed.json: "), "{error}");
    Ok(())
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_it_cleanly() -> Result<()> {
    let mut child = Running(Command::new(BINARY).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?);
    let mut output = BufReader::new(child.0.stdout.take().ok_or(std::io::ErrorKind::Other)?);
    for _ in 0..3 {
        output.read_line(&mut String::new())?;
    }
    let interrupt = Command::new("sh").args(["-c", &format!("kill -INT {}", child.0.id())]).status()?;
    assert!(interrupt.success());
    assert_eq!(child.0.wait()?.code(), Some(0));
    let mut errors = String::new();
    child.0.stderr.take().ok_or(std::io::ErrorKind::Other)?.read_to_string(&mut errors)?;
    assert_eq!(errors, "");
    Ok(())
}

#[test]
fn only_a_loopback_address_is_accepted() -> Result<()> {
    let (code, output, error) = run(&["--listen", "0.0.0.0:0"])?;
    assert_eq!((code, output.as_str()), (Some(1), ""));
    assert!(error.contains("0.0.0.0:0 is not a loopback address"), "{error}");
    Ok(())
}

#[test]
fn a_mistake_in_the_arguments_is_reported_with_exit_code_2() -> Result<()> {
    let cases: [(&[&str], &str); 5] = [
        (&["--port", "1"], "--port"),
        (&["extra"], "extra"),
        (&["--listen"], "--listen"),
        (&["--seed"], "--seed"),
        (&["--listen", "localhost"], "localhost"),
    ];
    for (arguments, part) in cases {
        let (code, output, error) = run(arguments)?;
        assert_eq!((code, output.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(error.contains(part) && error.contains("see --help"), "{error}");
    }
    Ok(())
}

#[test]
fn help_and_version_have_short_forms() -> Result<()> {
    let (code, help, _) = run(&["--help"])?;
    assert_eq!(code, Some(0));
    assert_eq!(run(&["-h"])?.1, help);
    for option in ["--listen", "--token", "--seed", "-h, --help", "-V, --version"] {
        assert!(help.contains(option), "{help}");
    }
    for argument in ["--version", "-V"] {
        let (code, version, _) = run(&[argument])?;
        assert_eq!((code, version), (Some(0), format!("prolific-sandbox {}\n", env!("CARGO_PKG_VERSION"))));
    }
    Ok(())
}
