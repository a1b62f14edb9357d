//! `cargo codegen`: arguments and printing only.

use std::env;
use std::error::Error;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use build_tools::diagnostic::Diagnostics;
use build_tools::upstream::adopt;
use build_tools::upstream::vendor::Vendor;
use build_tools::{FOLDER, Folder, diff, drift, generate, lint, rules, tree};
use clap::{Parser, Subcommand, ValueEnum};
use time::OffsetDateTime;

/// Generates the SDK from the OpenAPI files in openapi/, and says what their changes mean.
///
/// Without a command: writes all generated files.
#[derive(Parser)]
#[command(name = "cargo codegen", bin_name = "cargo codegen", args_conflicts_with_subcommands = true)]
#[command(after_help = EXIT_CODES)]
struct Arguments {
    /// Write nothing; print what would change as a unified diff.
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXIT_CODES: &str = "Exit codes:
  0  done; nothing was found, or the command only reports (adopt, diff)
  1  something was found: stale files, findings of rules, drift
  2  the command could not do its work";

#[derive(Subcommand)]
enum Command {
    /// Check openapi/ against all rules.
    #[command(after_help = EXIT_CODES)]
    Lint {
        /// Only what is found in this file. A file elsewhere is checked as a document by itself.
        file: Option<PathBuf>,
        /// How findings are printed.
        #[arg(long, value_enum, default_value_t)]
        format: LintFormat,
        /// Print the page of a rule instead.
        #[arg(long, value_name = "RULE", conflicts_with_all = ["file", "format"])]
        explain: Option<String>,
    },
    /// Compare openapi/ with the vendor's document, for the operations that it covers.
    ///
    /// Known differences are in openapi/accepted-differences.toml.
    #[command(after_help = EXIT_CODES)]
    Drift {
        /// The vendor's whole document: OpenAPI 3.0 or 3.1, YAML or JSON.
        #[arg(long, value_name = "FILE")]
        upstream: PathBuf,
        /// How differences are printed.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print the first draft of a fragment with operations of the vendor's document.
    ///
    /// It has the facts, in our grammar; the texts are still to be written. Comments say what was decided, and what
    /// cannot be expressed.
    #[command(after_help = EXIT_CODES)]
    Adopt {
        /// The vendor's whole document: OpenAPI 3.0 or 3.1, YAML or JSON.
        #[arg(long, value_name = "FILE")]
        upstream: PathBuf,
        /// Draft each operation by itself, and print which drafts pass all rules but `todo`, and what stops the others.
        #[arg(long, conflicts_with = "operations")]
        all: bool,
        /// By the vendor's operationId, or as "METHOD /path".
        #[arg(value_name = "OPERATION", required_unless_present = "all")]
        operations: Vec<String>,
    },
    /// What has changed in openapi/ since an earlier state, and what it means for dependents: the class of each change,
    /// the next version, an entry for the changelog, and what has to be rewritten.
    #[command(after_help = EXIT_CODES)]
    Diff {
        /// The earlier state: a revision, a folder, or a file. By default the last tag, or else the last commit.
        #[arg(long, value_name = "REV|FILE")]
        base: Option<String>,
        /// How changes are printed.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum LintFormat {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
    /// As annotations in a GitHub workflow.
    Github,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        None => generate_all(arguments.check),
        Some(Command::Lint { explain: Some(rule), .. }) => explain(&rule),
        Some(Command::Lint { file, format, .. }) => lint_files(file.as_deref(), format),
        Some(Command::Drift { upstream, format }) => drift_from(&upstream, format),
        Some(Command::Adopt { upstream, operations, .. }) => adopt_from(&upstream, &operations),
        Some(Command::Diff { base, format }) => diff_from(base, format),
    };
    done.unwrap_or_else(|error| {
        let text = error.downcast_ref::<Diagnostics>().map_or_else(|| error.to_string(), Diagnostics::coloured);
        let closed = |error: &std::io::Error| error.kind() == ErrorKind::BrokenPipe;
        if !error.downcast_ref().is_some_and(closed) {
            anstream::eprintln!("{}", text.trim_end());
        }
        ExitCode::from(2)
    })
}

type Done = Result<ExitCode, Box<dyn Error>>;

const FOUND: u8 = 1;

/// The root of the workspace. Set by cargo for what it runs; without cargo, where the tool is started.
fn root() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| ".".into(), |folder| Path::new(&folder).join(".."))
}

/// Prints a result: with colours on a terminal, without in a pipe.
fn print(text: &str) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    out.flush()
}

fn generate_all(check: bool) -> Done {
    let root = root();
    let generated = generate(&root)?;
    if check {
        let diff = tree::diff(&root, &generated)?;
        let Some(diff) = diff else {
            print(&format!("{} generated files are up to date", generated.files.len()))?;
            return Ok(ExitCode::SUCCESS);
        };
        print(&diff)?;
        eprintln!("\nThe generated files are out of date. Run `cargo codegen` to update them.");
        return Ok(FOUND.into());
    }
    let changed = tree::write(&root, &generated)?;
    for path in &changed {
        print(&path.display().to_string())?;
    }
    print(&format!("{} generated files, {} changed", generated.files.len(), changed.len()))?;
    Ok(ExitCode::SUCCESS)
}

fn explain(rule: &str) -> Done {
    if let Some(page) = rules::page(rule) {
        print(&format!("{rule}\n\n{page}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let names: Vec<_> = rules::pages().map(|(name, _)| name).collect();
    Err(format!("there is no rule `{rule}`; the rules are: {}", names.join(", ")).into())
}

fn lint_files(file: Option<&Path>, format: LintFormat) -> Done {
    let folder = root().join(FOLDER);
    // How a fragment is called in findings.
    let own = |file: &Path| {
        let file = file.canonicalize().ok()?;
        let name = file.file_name()?.to_str()?;
        let is_own = file.parent() == folder.canonicalize().ok().as_deref() && file.extension()? == "yaml";
        is_own.then(|| format!("{FOLDER}/{name}"))
    };
    let shown = file.and_then(own);
    let found = match file.filter(|_| shown.is_none()) {
        Some(file) => lint(&Folder::of_file(file)?),
        None => lint(&Folder::read(&folder, FOLDER)?),
    };
    let mut found = found.err().unwrap_or_default();
    let all = found.list.len();
    if let Some(shown) = shown {
        found.keep(&shown);
    }
    let count = found.list.len();
    if all > count {
        let others = all - count;
        anstream::eprintln!("{others} findings in other files; while there are some, not every rule is asked here");
    }
    match format {
        LintFormat::Json => print(&format!("{:#}", found.to_json()))?,
        LintFormat::Github if count == 0 => {}
        LintFormat::Github => print(&found.to_github())?,
        LintFormat::Human if count == 0 => print("No findings.")?,
        LintFormat::Human => {
            print(&format!("{}\n{count} finding{}", found.coloured(), if count == 1 { "" } else { "s" }))?;
        }
    }
    Ok(if all == 0 { ExitCode::SUCCESS } else { FOUND.into() })
}

fn drift_from(upstream: &Path, format: Format) -> Done {
    let drift = drift(&root(), upstream, OffsetDateTime::now_utc().date())?;
    match format {
        Format::Json => print(&format!("{:#}", drift.to_json()))?,
        Format::Human => {
            print(&drift.render())?;
            if let Some(entries) = &drift.entries {
                print(&format!("\n{}", entries.coloured()))?;
            }
        }
    }
    Ok(if drift.is_empty() { ExitCode::SUCCESS } else { FOUND.into() })
}

fn diff_from(base: Option<String>, format: Format) -> Done {
    let root = root();
    let base = base.unwrap_or_else(|| diff::default_base(&root));
    let changes = diff::diff(&diff::base(&root, &base)?, &Folder::read(&root.join(FOLDER), FOLDER)?)?;
    let version = diff::version(&root, &base).map_or_else(|| version(&root), Ok)?;
    match format {
        Format::Json => print(&format!("{:#}", changes.to_json(&version)))?,
        Format::Human => print(&format!("Compared with {base}.\n\n{}", changes.render(&version)))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The version of the crates now.
fn version(root: &Path) -> Result<String, Box<dyn Error>> {
    let path = root.join("Cargo.toml");
    let manifest = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(diff::version_of(&manifest).ok_or("Cargo.toml has no `workspace.package.version`")?)
}

/// Drafts operations; without any, tries all.
fn adopt_from(upstream: &Path, operations: &[String]) -> Done {
    let vendor = Vendor::read(upstream)?;
    let ours = Folder::read(&root().join(FOLDER), FOLDER)?;
    if operations.is_empty() {
        print(&adopt::report::render(&adopt::report::report(&vendor, &ours)))?;
    } else {
        print(&adopt::adopt(&vendor, &ours, operations)?.text)?;
    }
    Ok(ExitCode::SUCCESS)
}
