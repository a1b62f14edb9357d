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

/// Starts it, and returns its address.
fn start(arguments: &[&str]) -> Result<(Running, String)> {
    let mut command = Command::new(BINARY);
    let mut child = Running(command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?);
    let lines = BufReader::new(child.0.stdout.take().ok_or(std::io::ErrorKind::Other)?).lines();
    // All of them, since it ends if it cannot print one.
    let lines: Vec<_> = lines.take(3).collect::<Result<_>>()?;
    Ok((child, lines[1].trim_start_matches("export PROLIFIC_URL=").to_owned()))
}

/// What it prints on standard error until it is killed.
fn errors_of(mut child: Running) -> Result<String> {
    let mut errors = String::new();
    let mut stream = child.0.stderr.take().ok_or(std::io::ErrorKind::Other)?;
    drop(child);
    stream.read_to_string(&mut errors)?;
    Ok(errors)
}

#[test]
fn it_prints_a_line_for_each_request_without_the_token() -> Result<()> {
    let (child, url) = start(&["--token", "secret", "--fault", "lost-response:users_me"])?;
    let token = "Authorization: Token secret";
    let create = [&format!("POST {GROUPS}?note=a%0Asecret"), token, "Content-Type: application/json"];
    send(&url, &create, br#"{"name": "secret", "workspace_id": "w"}"#)?;
    send(&url, &["GET /api/v1/users/me/", token], b"")?;
    send(&url, &["GET /unknown", token], b"")?;
    send(&url, &["GET /_sandbox/state"], b"")?;
    let printed = errors_of(child)?;
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines.len(), 3, "{printed}");
    for (line, parts) in lines.iter().zip([
        ["POST /api/v1/participant-groups/?note=a%0A[hidden] participant_groups_create 201 ", " ms"],
        ["GET /api/v1/users/me/ users_me no response ", " ms [fault lost-response:users_me]"],
        ["GET /unknown - 404 ", " ms"],
    ]) {
        let (time, rest) = line.split_once(' ').unwrap_or_default();
        assert_eq!((time.len(), time.ends_with('Z')), (13, true), "{line}");
        assert!(rest.starts_with(parts[0]) && rest.ends_with(parts[1]), "{line}");
    }
    Ok(())
}

#[test]
fn the_log_can_have_headers_and_bodies_or_nothing() -> Result<()> {
    let request = |log: &str| {
        let (child, url) = start(&["--token", "secret", "--log", log])?;
        let create = [&format!("POST {GROUPS}"), "Authorization: Token secret", "Content-Type: application/json"];
        send(&url, &create, b"{\"name\": \"secret \x1b[2J\"}")?;
        errors_of(child)
    };
    let full = request("full")?;
    for line in ["  > authorization: Token [hidden]", "  > {\"name\": \"[hidden] \\u{1b}[2J\"}", "  < {\"error\":{"] {
        assert!(full.lines().any(|printed| printed.starts_with(line)), "{line}: {full}");
    }
    assert!(!full.contains("secret") && !full.contains('\x1b'), "{full}");
    assert_eq!(request("none")?, "");
    Ok(())
}

#[test]
fn it_starts_with_faults() -> Result<()> {
    let (_child, url) = start(&["--fault", "503:every:users_me", "--fault", r#"{"status": 418}"#])?;
    let status = |path: &str| send(&url, &[&format!("GET {path}"), "Authorization: Token sandbox-token"], b"");
    assert_eq!(status("/api/v1/users/me/")?.status, 503);
    assert_eq!(status("/api/v1/workspaces/")?.status, 418);
    assert_eq!(status("/api/v1/workspaces/")?.status, 200);
    Ok(())
}

#[test]
fn its_clock_shows_the_real_time_or_stands_still() -> Result<()> {
    let year = |arguments: &[&str]| {
        let (_child, url) = start(arguments)?;
        let now = send(&url, &["GET /_sandbox/clock"], b"")?.json();
        Result::Ok(now["now"].as_str().unwrap_or_default()[..4].to_owned())
    };
    assert_eq!(year(&["--clock", "still"])?, "2024");
    assert!(year(&[])?.as_str() > "2025" && year(&["--clock", "live"])?.as_str() > "2025");
    Ok(())
}

#[test]
fn its_address_and_port_can_be_chosen() -> Result<()> {
    assert!(start(&["--listen", "127.0.0.1"])?.1.starts_with("http://127.0.0.1:"));
    // A port that is in use cannot be had, which shows that it was tried.
    let (_child, url) = start(&["--listen", "127.0.0.1:0"])?;
    let port = url.rsplit(':').next().unwrap_or_default();
    let (code, _, error) = run(&["--port", port])?;
    assert_eq!((code, error.is_empty()), (Some(1), false));
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
    let (_child, url) = start(&["--seed", &path])?;
    let response = send(&url, &[&format!("GET {GROUPS}g1/"), "Authorization: Token sandbox-token"], b"")?;
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
    let cases: [(&[&str], &str); 11] = [
        (&["--ports", "1"], "--ports"),
        (&["--port", "65536"], "65536"),
        (&["--port", "80", "--listen", "127.0.0.1:80"], "the port more than once"),
        (&["--fault", "503:often"], "--fault 503:often: `often` is none of every"),
        (&["--clock", "fast"], "--clock is live or still, not \"fast\""),
        (&["--log", "all"], "--log is none, line or full, not \"all\""),
        (&["--fault"], "--fault"),
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
    let options =
        ["--seed", "--fault", "--listen", "--port", "--token", "--clock", "--log", "-h, --help", "-V, --version"];
    for option in options.into_iter().chain(["/_sandbox/openapi.json"]) {
        assert!(help.contains(option), "{help}");
    }
    for argument in ["--version", "-V"] {
        let (code, version, _) = run(&[argument])?;
        assert_eq!((code, version), (Some(0), format!("prolific-sandbox {}\n", env!("CARGO_PKG_VERSION"))));
    }
    Ok(())
}
