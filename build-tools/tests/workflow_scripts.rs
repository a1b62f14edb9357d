//! The scripts of the workflows, with stand-ins for cargo and for GitHub: what a report of somebody else's words can do, and
//! what happens to the pull request.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// A workspace with the scripts alone, and programs that take the place of others.
struct Workspace {
    folder: TempDir,
    _alone: MutexGuard<'static, ()>,
}

/// One workspace at a time: a program that is written while another one starts may be open in it, and cannot be run then.
static ALONE: Mutex<()> = Mutex::new(());

impl Workspace {
    /// `programs` are names and scripts.
    fn new(programs: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Self { folder, _alone: ALONE.lock().unwrap_or_else(PoisonError::into_inner) };
        for (name, script) in programs {
            let path = workspace.write(&format!("bin/{name}"), &format!("#!/usr/bin/env bash\n{script}\n"));
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::create_dir_all(workspace.path("work/.github/scripts")).unwrap();
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/scripts");
        for script in fs::read_dir(scripts).unwrap() {
            let script = script.unwrap();
            fs::copy(script.path(), workspace.path("work/.github/scripts").join(script.file_name())).unwrap();
        }
        workspace
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs a program in the workspace: its exit code, and what it prints.
    fn run(&self, program: &str, arguments: &[&str]) -> (Option<i32>, String) {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let Output { status, stdout, stderr } = Command::new(program)
            .args(arguments)
            .current_dir(self.path("work"))
            .envs([("PATH", path.as_str()), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")])
            .env_remove("GITHUB_STEP_SUMMARY")
            .env("HERE", self.folder.path())
            .output()
            .unwrap();
        (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
    }

    fn git(&self, arguments: &[&str]) -> String {
        let (code, printed) = self.run("git", &[&["-c", "user.name=a", "-c", "user.email=a@b"], arguments].concat());
        assert_eq!(code, Some(0), "{arguments:?}: {printed}");
        printed.trim_end().to_owned()
    }
}

/// What `drift.sh` does with a report: its exit code, what it prints, and the text of the pull request.
fn drift(report: &str, status: u8) -> (Option<i32>, String, Option<String>) {
    let cargo = format!(
        "[ \"$*\" = 'codegen drift --upstream target/upstream.yaml' ] && cat target/upstream.yaml\nexit {status}"
    );
    let workspace = Workspace::new(&[("cargo", &cargo)]);
    workspace.write("theirs.yaml", report);
    let (code, printed) = workspace.run(".github/scripts/drift.sh", &["../theirs.yaml", "../drift"]);
    assert_eq!(workspace.read("drift/report.txt"), report);
    (code, printed, fs::read_to_string(workspace.path("drift/body.md")).ok())
}

#[test]
fn the_pull_request_has_the_verdict_and_the_report() {
    let (code, _, body) = drift("1 change\n", 1);
    let body = body.unwrap();
    assert_eq!(code, Some(0));
    assert!(body.starts_with("Drift: ") && body.contains("\n\n```text\n1 change\n\n```\n"), "{body}");
    let (code, _, body) = drift("", 0);
    assert!(code == Some(0) && body.unwrap().starts_with("No drift: "));
}

#[test]
fn a_comparison_that_fails_fails_the_job() {
    // 101 is a build that fails, or a panic.
    for status in [2, 101] {
        let (code, printed, body) = drift("", status);
        assert_eq!((code, body), (Some(status.into()), None));
        assert!(printed.contains("::error::cargo codegen drift could not compare the documents"), "{printed}");
    }
}

#[test]
fn the_vendors_words_are_neither_markup_nor_commands() {
    let report = "```\n@everyone\n`````` [x](https://example.com)\n::add-mask::a\n";
    let (_, printed, body) = drift(report, 1);
    let body = body.unwrap();
    assert!(body.contains(&format!("\n```````text\n{report}\n```````\n")), "{body}");
    assert!(!printed.contains("add-mask"), "{printed}");
    let lines: Vec<_> = printed.lines().collect();
    let word = lines[0].strip_prefix("::stop-commands::").unwrap();
    assert!(word.len() == 32 && lines[1..] == [format!("::{word}::")], "{printed}");
}

#[test]
fn a_long_report_is_cut_at_a_line_and_says_so() {
    let lines = "a line of a report — with more than ASCII\n".repeat(2_000);
    let backticks = format!("first\n{}\nlast\n", "`".repeat(19_990));
    for report in [&lines, &backticks, &"`".repeat(100_000)] {
        let (_, _, body) = drift(report, 1);
        let body = body.unwrap();
        assert!(body.len() < 65_536 && body.contains("\nThe report is cut here."), "{} bytes", body.len());
    }
    let body = drift(&lines, 1).2.unwrap();
    assert!(body.lines().all(|line| !line.starts_with("a line") || line.ends_with("ASCII")) && body.len() > 15_000);
    assert!(!drift("short\n", 1).2.unwrap().contains("cut here"));
}

/// A repository whose last report was `old`, a clone of it, and a GitHub that has an open pull request or none.
fn repository(open: &str) -> Workspace {
    let gh = format!("printf '%s\\n' \"$*\" >>\"$HERE/calls\"\n[ \"$1 $2\" != 'pr list' ] || printf '%s' '{open}'");
    let workspace = Workspace::new(&[("gh", &gh)]);
    workspace.git(&["init", "--quiet", "--bare", "--initial-branch=main", "../origin"]);
    workspace.git(&["init", "--quiet", "--initial-branch=main"]);
    workspace.write("work/openapi/evidence/drift.txt", "old\n");
    workspace.git(&["add", "--all"]);
    workspace.git(&["commit", "--quiet", "--message=first"]);
    workspace.git(&["remote", "add", "origin", "../origin"]);
    workspace.git(&["push", "--quiet", "origin", "main"]);
    workspace.write("drift/body.md", "the body\n");
    workspace
}

/// What `propose-drift.sh` asks of GitHub after its first question.
fn propose(workspace: &Workspace, report: &str) -> String {
    workspace.write("drift/report.txt", report);
    let _ = fs::remove_file(workspace.path("calls"));
    let (code, printed) = workspace.run(".github/scripts/propose-drift.sh", &["../drift"]);
    assert_eq!(code, Some(0), "{printed}");
    let calls = workspace.read("calls");
    let (list, rest) = calls.split_once('\n').unwrap();
    assert!(list.starts_with("pr list --head vendor-drift --state open "), "{list}");
    rest.replace(workspace.folder.path().to_str().unwrap(), "")
}

#[test]
fn a_new_report_becomes_a_pull_request() {
    let workspace = repository("");
    // What a pull request has left that was closed.
    workspace.git(&["push", "--quiet", "origin", "main:vendor-drift"]);
    workspace.git(&["commit", "--quiet", "--allow-empty", "--amend", "--message=another first"]);
    let calls = propose(&workspace, "new\n");
    assert!(calls.starts_with("pr create --base main --head vendor-drift --title "), "{calls}");
    assert!(calls.ends_with(" --body-file /drift/body.md\n") && calls.lines().count() == 1, "{calls}");
    let branch = ["--git-dir=../origin", "show", "vendor-drift:openapi/evidence/drift.txt"];
    assert_eq!(workspace.git(&branch), "new");
}

#[test]
fn an_open_pull_request_is_updated_and_keeps_the_commits_of_others() {
    let workspace = repository("7");
    workspace.git(&["switch", "--quiet", "--create", "theirs"]);
    workspace.write("work/openapi/adopted.yaml", "a: 1\n");
    workspace.git(&["add", "--all"]);
    workspace.git(&["commit", "--quiet", "--message=somebody adopts something"]);
    workspace.git(&["push", "--quiet", "origin", "theirs:vendor-drift"]);
    workspace.git(&["switch", "--quiet", "main"]);
    for _ in 0..2 {
        let calls = propose(&workspace, "new\n");
        assert_eq!(calls, "api --silent --method PATCH repos/{owner}/{repo}/pulls/7 --field body=@/drift/body.md\n");
        // The second time, there is nothing to commit.
        let log = workspace.git(&["--git-dir=../origin", "log", "--format=%s", "vendor-drift"]);
        assert_eq!(log, "Drift report of Prolific's document\nsomebody adopts something\nfirst");
        workspace.git(&["switch", "--quiet", "main"]);
    }
}

#[test]
fn a_report_that_says_nothing_new_opens_nothing_and_closes_what_is_open() {
    assert_eq!(propose(&repository(""), "old\n"), "");
    assert!(propose(&repository("7"), "old\n").starts_with("pr close 7 --comment "));
}

#[test]
fn the_notes_of_a_release_are_its_section_of_the_changelog() {
    let workspace = Workspace::new(&[]);
    workspace.write(
        "work/CHANGELOG.md",
        "# Changelog\n\n## Unreleased\n\n## 0.10.0 - 2026-12-01\n\n### a\n\n- b\n\n## 0.1.0\n\n- c\n",
    );
    let notes = |version| workspace.run(".github/scripts/changelog.sh", &[version]);
    assert_eq!(notes("0.10.0"), (Some(0), "\n### a\n\n- b\n".to_owned()));
    assert_eq!(notes("0.1.0"), (Some(0), "\n- c\n".to_owned()));
    for missing in ["Unreleased", "0.1", "0.2.0"] {
        assert_eq!(notes(missing), (Some(1), format!("CHANGELOG.md has nothing under \"## {missing}\".\n")));
    }
}

/// What `check-release.sh` says of a tag, where the last release was `last` and the API has changed as far as `bump`.
fn release(last: &str, version: &str, bump: &str) -> (Option<i32>, String) {
    let cargo = format!(
        "case $1 in pkgid) echo path+file:///sdk#prolific-sdk@{version} ;; esac\n\
         case $* in *diff*json) echo '{{ \"bump\": \"{bump}\" }}' ;; esac"
    );
    let workspace = Workspace::new(&[("cargo", &cargo)]);
    workspace.write("work/CHANGELOG.md", &format!("## {version}\n\n- a\n"));
    workspace.write("work/Cargo.toml", &format!("[workspace.package]\nversion = \"{last}\"\n"));
    workspace.git(&["init", "--quiet"]);
    workspace.git(&["add", "--all"]);
    workspace.git(&["commit", "--quiet", "--message=last"]);
    workspace.git(&["tag", &format!("v{last}")]);
    workspace.git(&["commit", "--quiet", "--allow-empty", "--message=next"]);
    workspace.run(".github/scripts/check-release.sh", &[&format!("v{version}")])
}

#[test]
fn a_version_is_as_far_from_the_last_one_as_the_changes_ask_for() {
    for (last, version, bump) in [
        ("0.1.9", "0.1.10", "none"),
        ("0.1.9", "0.1.10", "patch"),
        ("0.9.1", "0.10.0", "minor"),
        ("0.9.1", "1.0.0", "minor"),
        ("1.2.3", "1.2.4", "patch"),
        ("1.9.3", "1.10.0", "minor"),
        ("1.2.3", "2.0.0", "major"),
    ] {
        let (code, printed) = release(last, version, bump);
        assert!(code == Some(0) && printed.contains(&format!("changes of the API since v{last}")), "{printed}");
    }
    for (last, version, bump) in [
        ("0.1.0", "0.1.0", "none"),
        ("0.2.0", "0.1.9", "none"),
        ("0.1.0", "0.1.1", "minor"),
        ("1.2.3", "1.3.0", "major"),
        ("2.0.0", "1.9.0", "none"),
    ] {
        let (code, printed) = release(last, version, bump);
        let error = format!("{version} is too close to {last}: the changes ask for more (\"{bump}\").\n");
        assert!(code == Some(1) && printed.ends_with(&error), "{printed}");
    }
    assert_eq!(release("0.1.0", "0.2.0", "unheard-of").0, Some(1));
}
