//! The page that shows the sandbox from any language says what happens. `tests/sandbox-page.sh` runs its programs.

use std::io::Result;

use prolific_sandbox::Sandbox;

use crate::http::send;

/// The commands of the page: the method, the path and the body of each.
fn commands(page: &str) -> Vec<(String, String, String)> {
    let (_, shell) = page.split_once("```sh\n").unwrap();
    let (_, calls) = shell.split_once("\n}\n\n").unwrap();
    let (calls, _) = calls.split_once("\n```").unwrap();
    let calls = format!("\n{calls}");
    let command = |text: &str| {
        let (method, rest) = text.split_once(' ').unwrap();
        let (path, body) = rest.split_once(' ').unwrap_or((rest, ""));
        (method.to_owned(), path.to_owned(), body.trim_matches('\'').to_owned())
    };
    calls.split("\ncall ").skip(1).map(|text| command(text.trim_end())).collect()
}

#[tokio::test]
async fn the_page_for_any_language_says_what_happens() -> Result<()> {
    let page = include_str!("../../src/any_language.md");
    let sandbox = Sandbox::start().await?;
    let token = format!("Authorization: Token {}", sandbox.token());
    let mut shown = Vec::new();
    for (method, path, body) in commands(page) {
        let head = [&format!("{method} {path}"), "Content-Type: application/json", &token];
        let response = send(sandbox.url(), &head, body.as_bytes())?;
        shown.push(format!("{} {}", String::from_utf8_lossy(&response.body), response.status));
    }
    let (_, expected) = page.split_once("```text\n").unwrap();
    let (expected, _) = expected.split_once("\n```").unwrap();
    let last = shown.len() - expected.lines().count();
    assert_eq!(shown[last..].join("\n"), expected, "{shown:#?}");
    assert!(shown[..last].iter().all(|line| line.rsplit(' ').next().unwrap().starts_with('2')), "{shown:#?}");
    Ok(())
}
