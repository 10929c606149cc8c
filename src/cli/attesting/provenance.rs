//! Records who approved a plan and the commit of the roster, for the server's user log.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::directory::Provenance;
use crate::model::Digest;
use crate::report::clean;
use crate::scim::write_headers::MOST_CHARACTERS;

/// The approver and commit given on the command line.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct GivenProvenance {
    /// The person who approved the plan, for the user log [default: `ROSTERCTL_APPROVER`, or `GITHUB_ACTOR`].
    #[arg(long, value_parser = name)]
    approver: Option<String>,
    /// The commit of the roster, for the user log [default: `ROSTERCTL_COMMIT`, `GITHUB_SHA`, or the current commit in git].
    #[arg(long, value_parser = printable)]
    commit: Option<String>,
}

impl GivenProvenance {
    /// Adds what the program's own environment variables say. An empty variable counts as not set.
    ///
    /// # Errors
    /// Fails if a variable cannot be used.
    pub(in crate::cli) fn with_environment(&self) -> anyhow::Result<Self> {
        let given = |given: &Option<String>, variable: &str, check: Check| match given {
            Some(value) => Ok(Some(value.clone())),
            None => value_of(variable)?.map(|value| check(&value)).transpose().map_err(|why| anyhow::anyhow!("{variable}: {why}")),
        };
        Ok(Self {
            approver: given(&self.approver, "ROSTERCTL_APPROVER", name)?,
            commit: given(&self.commit, "ROSTERCTL_COMMIT", printable)?,
        })
    }

    /// Returns what each write of a plan carries to the user log.
    #[must_use]
    pub(in crate::cli) fn provenance(&self, plan: Digest, commit: Option<String>) -> Provenance {
        Provenance { plan, approver: self.approver.clone().or_else(|| foreign("GITHUB_ACTOR", name)), commit }
    }

    /// The person who approved the plan, if the command line or the program's own variable says so.
    #[must_use]
    pub(in crate::cli) fn approver(&self) -> Option<&str> {
        self.approver.as_deref()
    }

    /// Returns the commit, from the command line, the environment or git.
    #[must_use]
    pub(in crate::cli) fn commit(&self, roster: &Path) -> Option<String> {
        self.commit.clone().or_else(|| foreign("GITHUB_SHA", printable)).or_else(|| from_git(roster))
    }
}

/// Checks a value and returns it without blanks at its ends.
type Check = fn(&str) -> Result<String, String>;

/// The value of a variable of other programs, if it is usable.
fn foreign(variable: &str, check: Check) -> Option<String> {
    value_of(variable).ok().flatten().and_then(|value| check(&value).ok())
}

/// The value of a variable; `None` if it is not set or empty.
#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn value_of(variable: &str) -> anyhow::Result<Option<String>> {
    let Some(value) = std::env::var_os(variable) else { return Ok(None) };
    let value = value.into_string().map_err(|_| anyhow::anyhow!("{variable} is not UTF-8 text"))?;
    Ok(Some(value).filter(|value| !value.trim().is_empty()))
}

/// Returns the person whom `ROSTERCTL_APPROVER` names.
///
/// # Errors
/// If the variable cannot be used.
pub(in crate::cli) fn approver() -> anyhow::Result<Option<String>> {
    let variable = "ROSTERCTL_APPROVER";
    value_of(variable)?.map(|value| name(&value)).transpose().map_err(|why| anyhow::anyhow!("{variable}: {why}"))
}

/// Checks a person's name, in any script: one line, not too long for a request header.
pub(in crate::cli) fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = (1..=MOST_CHARACTERS).contains(&text.chars().count()) && clean(text) == text;
    if fits {
        Ok(text.to_owned())
    } else {
        Err(format!("write a name on one line, with at most {MOST_CHARACTERS} characters, all of them visible"))
    }
}

/// Checks that a text fits a request header: printable ASCII, not empty, not too long.
fn printable(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.len() <= MOST_CHARACTERS && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if fits { Ok(text.trim().to_owned()) } else { Err(format!("use at most {MOST_CHARACTERS} plain letters, digits and signs (ASCII)")) }
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
