//! The sandbox on the command line: startup lines, the log, Ctrl-C. Knows only the public interface of the library.

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Command, Log, Options};
use prolific_sandbox::{Sandbox, Seed};

mod arguments;
mod line;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (result, code) = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(Command::Serve(options)) => (serve(*options).await, 1),
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

async fn serve(options: Options) -> io::Result<()> {
    let Options { address, token, seed, faults, live, log } = options;
    let mut builder = Sandbox::builder().address(address).token(&*token).live(live);
    if let Some(path) = seed {
        builder = builder.seed(Seed::from_file(path)?);
    }
    if log != Log::None {
        builder = builder.on_request(move |request| {
            let text = if log == Log::Full { line::full(request) } else { line::short(request) };
            // A client may have put it where it does not belong. Without a standard error stream, the line is lost.
            let _ = io::stderr().write_all(text.replace(&*token, "[hidden]").as_bytes());
        });
    }
    let sandbox = builder.start().await?;
    for fault in faults {
        sandbox.inject(fault);
    }
    let announce = async {
        let (url, token) = (sandbox.url(), sandbox.token());
        writeln!(io::stdout(), "Serving on {url} until Ctrl-C. For the client:")?;
        writeln!(io::stdout(), "export PROLIFIC_URL={url}\nexport PROLIFIC_TOKEN={token}")
    };
    // In this order, so that Ctrl-C works as soon as the lines are printed.
    tokio::try_join!(biased; tokio::signal::ctrl_c(), announce)?;
    Ok(())
}
