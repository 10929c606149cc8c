//! The command line; see `rosterctl --help`.

use std::process::ExitCode;

/// A plan makes and drops millions of small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rosterctl::cli::main()
}
