//! The sandbox on the command line: arguments, startup lines, Ctrl-C. Knows only the public interface of the library.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;
use prolific_sandbox::{Builder, Sandbox, Seed};

const HELP: &str = "\
Serves an imitation of Prolific's REST API. Independent, not official.

Usage: prolific-sandbox [OPTIONS]

Options:
      --listen ADDR   Loopback address and port to listen on [default: 127.0.0.1:0, any free port]
      --token TOKEN   Token to accept [default: sandbox-token]
      --seed FILE     JSON file with the user, workspaces and groups to start with
  -h, --help          Print this help
  -V, --version       Print the version
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (result, code) = match parse(lexopt::Parser::from_env()) {
        Ok(Command::Serve { builder, seed }) => (serve(builder, seed).await, 1),
        Ok(Command::Print(text)) => (io::stdout().write_all(text.as_bytes()), 1),
        Err(error) => (Err(io::Error::other(format!("{error} (see --help)"))), 2),
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    // Without a standard error stream, the message is lost.
    let _ = writeln!(io::stderr(), "prolific-sandbox: {error}");
    ExitCode::from(code)
}

enum Command {
    Serve { builder: Builder, seed: Option<PathBuf> },
    Print(String),
}

fn parse(mut arguments: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut builder, mut seed) = (Sandbox::builder(), None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("listen") => builder = builder.address(arguments.value()?.parse::<SocketAddr>()?),
            Long("token") => builder = builder.token(arguments.value()?.string()?),
            Long("seed") => seed = Some(arguments.value()?.into()),
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_owned())),
            Short('V') | Long("version") => {
                return Ok(Command::Print(format!("prolific-sandbox {}\n", env!("CARGO_PKG_VERSION"))));
            }
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Command::Serve { builder, seed })
}

async fn serve(mut builder: Builder, seed: Option<PathBuf>) -> io::Result<()> {
    if let Some(path) = seed {
        builder = builder.seed(Seed::from_file(path)?);
    }
    let sandbox = builder.start().await?;
    let announce = async {
        let (url, token) = (sandbox.url(), sandbox.token());
        writeln!(io::stdout(), "Serving on {url} until Ctrl-C. For the client:")?;
        writeln!(io::stdout(), "export PROLIFIC_URL={url}\nexport PROLIFIC_TOKEN={token}")
    };
    // In this order, so that Ctrl-C works as soon as the lines are printed.
    tokio::try_join!(biased; tokio::signal::ctrl_c(), announce)?;
    Ok(())
}
