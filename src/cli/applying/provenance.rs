//! Records who approved a plan and the commit of the roster, for the server's user log.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::directory::Provenance;
use crate::model::Digest;

/// The approver and commit given on the command line.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct Origin {
    /// The person who approved the plan, for the user log [default: `GITHUB_ACTOR`].
    #[arg(long, env = "ROSTERCTL_APPROVER", hide_env_values = true, value_parser = printable)]
    approver: Option<String>,
    /// The commit of the roster, for the user log [default: `GITHUB_SHA`, or the current commit in git].
    #[arg(long, env = "ROSTERCTL_COMMIT", hide_env_values = true, value_parser = printable)]
    commit: Option<String>,
}

impl Origin {
    /// Returns what each write of a plan carries to the user log.
    #[must_use]
    pub(in crate::cli) fn provenance(&self, plan: Digest, commit: Option<String>) -> Provenance {
        Provenance { plan, approver: self.approver.clone().or_else(|| variable("GITHUB_ACTOR")), commit }
    }

    /// Returns the commit, from the command line, the environment or git.
    #[must_use]
    pub(in crate::cli) fn commit(&self, roster: &Path) -> Option<String> {
        self.commit.clone().or_else(|| variable("GITHUB_SHA")).or_else(|| from_git(roster))
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().and_then(|value| printable(&value).ok())
}

/// Checks that a text fits a request header: printable ASCII, not empty, at most 200 characters.
fn printable(text: &str) -> Result<String, &'static str> {
    let fits = !text.is_empty() && text.len() <= 200 && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if fits { Ok(text.trim().to_owned()) } else { Err("use at most 200 plain letters, digits and signs (ASCII)") }
}

fn from_git(roster: &Path) -> Option<String> {
    let output = Command::new("git")
        .args(["rev-parse", "--verify", "--quiet", "HEAD"])
        .current_dir(roster)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && (40..=64).contains(&commit.len()) && commit.bytes().all(|b| b.is_ascii_hexdigit())).then_some(commit)
}
