//! The command line.

/// Runs the command line; the exit code is 0 ok, 1 the run failed, 2 bad input.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
