//! Runs the whole program as a process, and measures its wall time and peak memory.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    command.args(arguments).arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Measures the time from start to exit.
pub(crate) fn wall(folder: &Path, arguments: &[&str]) -> (Duration, ExitStatus) {
    let began = Instant::now();
    let status = command(folder, arguments).status().expect("the program can be started");
    (began.elapsed(), status)
}

/// Measures the peak memory in bytes, as the system reports it, read until the process ends.
pub(crate) fn peak(folder: &Path, arguments: &[&str]) -> (u64, ExitStatus) {
    let mut child = command(folder, arguments).spawn().expect("the program can be started");
    let status_file = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        if let Some(kib) = fs::read_to_string(&status_file).ok().as_deref().and_then(high_water) {
            most = most.max(kib * 1024);
        }
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            return (most, status);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Returns `VmHWM` in KiB; a process that has ended has none.
fn high_water(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok())
}
