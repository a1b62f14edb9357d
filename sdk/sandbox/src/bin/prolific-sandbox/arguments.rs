//! The arguments of the binary.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use lexopt::prelude::*;
use prolific_sandbox::Fault;

const HELP: &str = "\
Serves an imitation of Prolific's REST API, to develop and test clients against. Independent, not official.

Usage: prolific-sandbox [OPTIONS]

Options:
      --seed FILE     JSON file with the state to start with [default: one workspace]
      --fault FAULT   Something that goes wrong; can be repeated
      --listen ADDR   Loopback address to listen on, with or without a port [default: 127.0.0.1]
      --port N        Port to listen on [default: any free port]
      --token TOKEN   Token to accept [default: sandbox-token]
      --clock CLOCK   live: begins with the real time and moves with it; still: begins with the year 2024 and
                      stands still until it is turned, the same on every run [default: live]
      --log LOG       What is printed for each request, on standard error: none, line, or full, with headers and
                      bodies [default: line]
  -h, --help          Print this help
  -V, --version       Print the version

Faults apply to the next request, if nothing else is said:
  503                                      a response with this status
  429:retry-after=2:nth=3                  the third request from now, with a Retry-After
  lost-response:participant_groups_create  the next request of an operation: performed, but not answered
  reset:every                              every request
Instead of a status: lost-response, reset, close-unread, cut-body, stalled-body or delay=SECONDS.
After it, in any order: an operation's id, every, nth=N, performed, delay=SECONDS, retry-after=SECONDS.
A text that begins with { is a fault in the JSON form of the control API.

The control API is under /_sandbox/ of the same address, without a token: faults, participants, clock, seed, reset,
requests, state. Its document is /_sandbox/openapi.json.
";

/// What is printed for each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    None,
    Line,
    Full,
}

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    pub(crate) seed: Option<PathBuf>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) live: bool,
    pub(crate) log: Log,
}

#[derive(Debug)]
pub(crate) enum Command {
    Serve(Box<Options>),
    Print(String),
}

pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut ip, mut ports) = (IpAddr::from(Ipv4Addr::LOCALHOST), Vec::new());
    let (mut token, mut seed, mut faults) = ("sandbox-token".to_owned(), None, Vec::new());
    let (mut live, mut log) = (true, Log::Line);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("listen") => {
                let text = arguments.value()?.string()?;
                if let Ok(alone) = text.parse() {
                    ip = alone;
                } else {
                    let address: SocketAddr = text.parse().map_err(|_| {
                        format!(
                            "--listen takes an address such as 127.0.0.1, [::1]:8080 or 127.0.0.1:8080, not {text:?}"
                        )
                    })?;
                    ip = address.ip();
                    ports.push(address.port());
                }
            }
            Long("port") => ports.push(arguments.value()?.parse()?),
            Long("token") => token = arguments.value()?.string()?,
            Long("seed") => seed = Some(arguments.value()?.into()),
            Long("fault") => {
                let text = arguments.value()?.string()?;
                faults.push(text.parse().map_err(|problem| format!("--fault {text}: {problem}"))?);
            }
            Long("clock") => {
                live = match arguments.value()?.string()?.as_str() {
                    "live" => true,
                    "still" => false,
                    other => return Err(format!("--clock is live or still, not {other:?}").into()),
                }
            }
            Long("log") => {
                log = match arguments.value()?.string()?.as_str() {
                    "none" => Log::None,
                    "line" => Log::Line,
                    "full" => Log::Full,
                    other => return Err(format!("--log is none, line or full, not {other:?}").into()),
                }
            }
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_owned())),
            Short('V') | Long("version") => {
                return Ok(Command::Print(format!("prolific-sandbox {}\n", env!("CARGO_PKG_VERSION"))));
            }
            _ => return Err(argument.unexpected()),
        }
    }
    if ports.len() > 1 {
        return Err("--listen and --port say the port more than once".into());
    }
    let address = SocketAddr::new(ip, ports.first().copied().unwrap_or(0));
    Ok(Command::Serve(Box::new(Options { address, token, seed, faults, live, log })))
}
