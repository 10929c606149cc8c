//! The person who did the steps, and when.

use std::path::Path;
use std::process::{Command, Stdio};

use super::provenance;

/// Returns the person: as given with an option of the command, or `ROSTERCTL_APPROVER`, or the address that git has for the author of commits.
///
/// # Errors
/// If nothing says who it is.
pub(in crate::cli) fn person((option, given): (&str, Option<&str>), roster: &Path) -> anyhow::Result<String> {
    if let Some(by) = given {
        return Ok(by.to_owned());
    }
    if let Some(by) = provenance::approver()? {
        return Ok(by);
    }
    from_git(roster).ok_or_else(|| anyhow::anyhow!("nothing says who did this: add `{option} NAME`, or set ROSTERCTL_APPROVER"))
}

fn from_git(roster: &Path) -> Option<String> {
    let mut git = Command::new("git");
    git.args(["config", "user.email"]).current_dir(roster).stdin(Stdio::null()).stderr(Stdio::null());
    let output = git.output().ok().filter(|output| output.status.success())?;
    let email = String::from_utf8(output.stdout).ok()?;
    provenance::name(&email).ok()
}
