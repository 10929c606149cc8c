//! The command line; see `rosterctl --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    rosterctl::cli::main()
}
