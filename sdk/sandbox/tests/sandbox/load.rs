//! Many clients, many groups and large bodies.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use prolific_sandbox::{Sandbox, Seed, SeedGroup, SeedStudy};
use serde_json::json;

use crate::http::{GROUPS, each, read, read_response, send};

const TOKEN: &str = "Authorization: Token sandbox-token";
const JSON: &str = "Content-Type: application/json";

/// Opens connections, then sends a create on each, then reads the responses. Returns the ids.
fn create_at_a_time(url: &str, number: usize) -> Result<BTreeSet<String>> {
    let address = url.trim_start_matches("http://");
    let mut streams: Vec<_> = (0..number).map(|_| TcpStream::connect(address)).collect::<Result<_>>()?;
    for (number, stream) in streams.iter_mut().enumerate() {
        let body = json!({"name": number.to_string(), "workspace_id": "w1"}).to_string();
        let length = body.len();
        let head = format!("POST {GROUPS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{TOKEN}\r\n{JSON}\r\n");
        stream.write_all(format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes())?;
    }
    let mut ids = BTreeSet::new();
    for (number, stream) in streams.into_iter().enumerate() {
        let response = read_response(stream)?;
        assert_eq!((response.status, &response.json()["name"]), (201, &json!(number.to_string())));
        ids.extend(response.json()["id"].as_str().map(str::to_owned));
    }
    Ok(ids)
}

/// The ids of all groups, page by page.
fn listed(url: &str) -> Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for offset in (0..).step_by(100) {
        let line = format!("GET {GROUPS}?workspace_id=w1&limit=100&offset={offset}");
        let page = each(&send(url, &[&line, TOKEN], b"")?.json(), "id");
        if page.is_empty() {
            break;
        }
        ids.extend(page);
    }
    Ok(ids)
}

/// Opens connections, and then sends two requests on each, with all of them open.
fn use_open_connections(url: &str, number: usize) -> Result<()> {
    let address = url.trim_start_matches("http://");
    let mut streams: Vec<_> = (0..number).map(|_| TcpStream::connect(address)).collect::<Result<_>>()?;
    for _ in 0..2 {
        for stream in &mut streams {
            stream.write_all(b"HEAD /api/v1/users/me/ HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        }
        for stream in &mut streams {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut part = [0; 1024];
                let length = stream.read(&mut part)?;
                head.extend(&part[..length]);
                assert_ne!(length, 0, "the connection was closed");
            }
            assert!(head.starts_with(b"HTTP/1.1 401"), "{}", String::from_utf8_lossy(&head));
        }
    }
    Ok(())
}

#[tokio::test]
async fn creates_at_a_time_lose_nothing() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let ids = create_at_a_time(sandbox.url(), 200)?;
    assert_eq!(ids.len(), 200);
    assert_eq!(listed(sandbox.url())?, ids);
    Ok(())
}

#[tokio::test]
async fn open_connections_are_all_served() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    use_open_connections(sandbox.url(), 200)
}

/// The binary, so that the connections do not take up both ends in one process. Killed when the test ends.
struct Running(Child, String);

impl Running {
    fn start() -> Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_prolific-sandbox")).stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or(ErrorKind::Other)?).lines();
        let lines: Vec<_> = lines.take(3).collect::<Result<_>>()?;
        let url = lines[1].strip_prefix("export PROLIFIC_URL=").unwrap_or_default();
        Ok(Self(child, url.to_owned()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs 10,000 open files"]
fn ten_thousand_open_connections_and_two_thousand_creates_lose_nothing() -> Result<()> {
    let sandbox = Running::start()?;
    use_open_connections(&sandbox.1, 10_000)?;
    let ids = create_at_a_time(&sandbox.1, 2_000)?;
    assert_eq!(ids.len(), 2_000);
    assert_eq!(listed(&sandbox.1)?, ids);
    Ok(())
}

/// Gets a page of a list of 100,000 some times. Prints the median of the times with what is listed, and returns it.
fn time_of_page(sandbox: &Sandbox, what: &str, path: &str, items: usize, count: usize) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        let response = send(sandbox.url(), &[&format!("GET {path}"), TOKEN], b"")?;
        times.push(start.elapsed());
        let list = response.json();
        assert_eq!((each(&list, "id").len(), &list["meta"]["count"]), (items, &json!(count)), "{path}");
    }
    times.sort();
    println!("{what:38} {:6.1} ms", times[4].as_secs_f64() * 1000.0);
    Ok(times[4])
}

#[tokio::test]
#[ignore = "measures time: run it with --release and --no-capture"]
async fn pages_of_a_hundred_thousand_groups_studies_and_submissions_take_milliseconds() -> Result<()> {
    const MANY: usize = 100_000;
    let named = |number: usize| format!("number {number}");
    let mut seed = Seed::new().workspace("w1", "Lab").balance(1_000_000_000).project("j1", "w1", "Colours");
    for number in 0..MANY {
        seed = seed.group(SeedGroup::in_workspace(named(number), "w1")).study(SeedStudy::new(named(number)));
    }
    let mut study = SeedStudy::new("Naming colours").id("s1").places(MANY as u64 + 1);
    for number in 0..MANY {
        study = study.submission(format!("p{number}"), if number % 2 == 0 { "COMPLETED" } else { "OTHER" });
    }
    let start = Instant::now();
    let sandbox = Sandbox::builder().seed(seed.study(study)).start().await?;
    println!("{:38} {:6.1} ms", "start", start.elapsed().as_secs_f64() * 1000.0);

    let (groups, studies) = (format!("{GROUPS}?workspace_id=w1"), "/api/v1/studies/");
    let (submissions, of_study) = ("/api/v1/submissions/?study=s1", "/api/v1/studies/s1/submissions/");
    let one = MANY + 1;
    let pages = [
        ("groups, first page", groups.clone(), 20, MANY),
        ("groups, last page", format!("{groups}&limit=20&offset=99980"), 20, MANY),
        ("groups, search", format!("{groups}&search=9999"), 19, 19),
        ("studies, first page", studies.to_owned(), 20, one),
        ("studies, last page", format!("{studies}?page=5001"), 1, one),
        (
            "studies of a project, newest first",
            "/api/v1/projects/j1/studies/?ordering=-date_created".to_owned(),
            20,
            one,
        ),
        ("studies, by state", format!("{studies}?state=ACTIVE"), 1, 1),
        ("studies, search", format!("{studies}?search=9999"), 19, 19),
        ("studies of a project, first page", "/api/v1/projects/j1/studies/".to_owned(), 20, one),
        ("submissions, first page", submissions.to_owned(), 20, MANY),
        ("submissions, last page", format!("{submissions}&page=5000"), 20, MANY),
        ("submissions, by status", format!("{submissions}&status=APPROVED"), 0, 0),
        ("submissions, newest first", format!("{submissions}&ordering=-started_at"), 20, MANY),
        ("submissions of a study, a hundred", format!("{of_study}?limit=100"), 100, MANY),
        ("submissions of a study, by code", format!("{of_study}?limit=20&ordering=study_code"), 20, MANY),
        ("submissions of a study, slowest first", format!("{of_study}?limit=20&ordering=-time_taken"), 20, MANY),
        ("submissions of a study, last page", format!("{of_study}?limit=20&offset=99980"), 20, MANY),
    ];
    for (what, path, items, count) in pages {
        let time = time_of_page(&sandbox, what, &path, items, count)?;
        assert!(time < Duration::from_millis(50), "{what}: {time:?}");
    }
    Ok(())
}

/// Sends bodies of the kinds that take the most memory: one long text, many small values, deep nesting, and no JSON.
fn send_large_bodies(sandbox: &Sandbox, size: usize) -> Result<()> {
    let start = r#"{"workspace_id": "w", "name": "#;
    let cases = [
        (format!("{start}\"{}\"}}", "a".repeat(size)), 201),
        (format!("{start}[{}0]}}", "0,".repeat(size / 2)), 400),
        (format!("{start}{}", "[".repeat(size)), 400),
        ("\u{0}".repeat(size), 400),
    ];
    for (body, status) in cases {
        let response = send(sandbox.url(), &[&format!("POST {GROUPS}"), TOKEN, JSON], body.as_bytes())?;
        assert_eq!(response.status, status, "{}", &body[..50]);
    }
    assert!(read(sandbox, "users_me", "")?["id"].is_string(), "it is still there");
    let kept: usize = sandbox.requests().iter().map(|request| request.body.len() + request.response_body.len()).sum();
    assert!(kept <= 128 << 20, "{kept}");
    Ok(())
}

#[tokio::test]
async fn large_bodies_are_accepted_or_refused() -> Result<()> {
    send_large_bodies(&Sandbox::start().await?, 2 << 20)
}

#[tokio::test]
#[ignore = "takes long"]
async fn bodies_of_60_mib_are_accepted_or_refused() -> Result<()> {
    send_large_bodies(&Sandbox::start().await?, 60 << 20)
}
