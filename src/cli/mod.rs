//! The command line: `run`, `pack`, `check`, `price`, `link`, `record`.
//!
//! Exit codes: 0 ok, 1 the run failed or a fault was found, 2 bad input with one line on stderr.

mod check;
mod files;
mod link;
mod pack;
mod price;
mod record;
mod run;

pub use files::FileSource;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// An options backtester: exact, deterministic, no backend.
#[derive(Parser)]
#[command(name = "chainwalk", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the link of a request, or read one.
    Link(link::LinkArgs),
    /// Run a request: one JSON object on stdout.
    Run(run::RunArgs),
    /// Turn recorded files into a dataset folder.
    #[command(subcommand)]
    Pack(pack::Pack),
    /// Check a data folder: counts as JSON, exit code 1 on any fault.
    Check(check::Check),
    /// Price JSON lines from stdin.
    Price(price::Price),
    /// Append one snapshot of the venue's public API to a data folder.
    Record(record::Record),
}

/// How a command ends when it does not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Exit code 1.
    Failed(anyhow::Error),
    /// Exit code 1; what is to be said was said.
    Fault,
    /// Exit code 3, one line on stderr: nothing is broken, and nothing was done.
    Skipped(String),
    /// Exit code 2, one line on stderr.
    BadInput(String),
    /// Exit code 2; what is to be said was said.
    BadLines,
}

impl Failure {
    /// Bad input: the error's causes in one line.
    pub(crate) fn input(error: impl Into<anyhow::Error>) -> Failure {
        Failure::BadInput(format!("{:#}", error.into()).replace('\n', " "))
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::Failed(error)
    }
}

/// What is wrong with the arguments, in one line; the whole help where a command is missing.
fn refusal(error: &clap::Error) -> String {
    let text = error.render().to_string();
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return text;
    }
    let is_advice = |line: &str| line.starts_with("Usage:") || line.starts_with("For more information");
    let said = text.lines().take_while(|line| !is_advice(line)).map(str::trim).filter(|line| !line.is_empty());
    said.collect::<Vec<_>>().join(" ")
}

/// Runs the command line; the exit code is 0 ok, 1 the run failed, 2 bad input, 3 a snapshot was not taken.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            eprintln!("{}", refusal(&error));
            return ExitCode::from(2);
        }
        Err(help) => {
            print!("{}", help.render());
            return ExitCode::SUCCESS;
        }
    };
    let outcome = match cli.command {
        Command::Link(link) => link.run(),
        Command::Run(run) => run.run(),
        Command::Pack(pack) => pack.run(),
        Command::Check(check) => check.run(),
        Command::Price(price) => price.run(),
        Command::Record(record) => record.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Fault) => ExitCode::from(1),
        Err(Failure::Failed(error)) => {
            eprintln!("{error:#}");
            ExitCode::from(1)
        }
        Err(Failure::Skipped(line)) => {
            eprintln!("{line}");
            ExitCode::from(3)
        }
        Err(Failure::BadLines) => ExitCode::from(2),
        Err(Failure::BadInput(line)) => {
            eprintln!("{line}");
            ExitCode::from(2)
        }
    }
}

/// Writes a line to standard output; a reader that has gone (`| head`) is no fault.
fn say(line: impl std::fmt::Display) -> Result<(), Failure> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{line}") {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Failed(e.into())),
        _ => Ok(()),
    }
}
