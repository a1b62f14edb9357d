//! `cargo codegen`: arguments and printing only.

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use build_tools::{generate, tree};
use clap::Parser;

/// Generates the SDK from openapi/.
#[derive(Parser)]
#[command(name = "cargo codegen", bin_name = "cargo codegen")]
struct Arguments {
    /// Write nothing; print what would change as a unified diff, and exit with 1 if anything would.
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    // Set by cargo for what it runs; without cargo, the root is where the tool is started.
    let root = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| ".".into(), |folder| Path::new(&folder).join(".."));
    let generated = generate(&root)?;
    if arguments.check {
        let diff = tree::diff(&root, &generated)?;
        let Some(diff) = diff else {
            println!("{} generated files are up to date", generated.files.len());
            return Ok(ExitCode::SUCCESS);
        };
        print!("{diff}");
        eprintln!("\nThe generated files are out of date. Run `cargo codegen` to update them.");
        return Ok(ExitCode::FAILURE);
    }
    let changed = tree::write(&root, &generated)?;
    for path in &changed {
        println!("{}", path.display());
    }
    println!("{} generated files, {} changed", generated.files.len(), changed.len());
    Ok(ExitCode::SUCCESS)
}
