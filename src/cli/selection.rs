//! Which roster, which of its workspaces, which of their users.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::manifest::Roster;
use crate::model::{Desired, Email};
use crate::yaml::nearest;

use super::workspaces::survey::Survey;

/// What a command is about.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct Selection {
    /// The directory that holds the roster's YAML files.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    pub(in crate::cli) roster: PathBuf,
    /// Only this workspace; may be given several times.
    #[arg(long, value_name = "WORKSPACE")]
    pub(in crate::cli) workspace: Vec<String>,
    /// Only this user, and what their changes need; may be given several times.
    #[arg(long, value_name = "EMAIL")]
    pub(in crate::cli) user: Vec<Email>,
}

impl Selection {
    /// The users that were named; empty where all are meant.
    #[must_use]
    pub(in crate::cli) fn users(&self) -> BTreeSet<Email> {
        self.user.iter().cloned().collect()
    }

    /// The workspaces that were named, of those the roster has; all of them where none was.
    ///
    /// # Errors
    /// When one is named that the roster does not have.
    pub(in crate::cli) fn workspaces(&self, roster: Roster) -> anyhow::Result<Vec<Desired>> {
        let known: Vec<String> = roster.workspaces.iter().map(|w| w.workspace.clone()).collect();
        for name in &self.workspace {
            if !known.contains(name) {
                let hint = match nearest(name, &known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are: {}", known.join(", ")),
                };
                anyhow::bail!("the roster has no workspace `{name}`: {hint}");
            }
        }
        Ok(roster.workspaces.into_iter().filter(|w| self.workspace.is_empty() || self.workspace.contains(&w.workspace)).collect())
    }

    /// Checks that everybody who was named is somewhere: wanted or found.
    ///
    /// # Errors
    /// Names who is nowhere, and who comes near.
    pub(in crate::cli) fn check_users(&self, survey: &Survey) -> anyhow::Result<()> {
        if !survey.unread.is_empty() {
            return Ok(());
        }
        let mut known: BTreeSet<&Email> = survey.read.iter().flat_map(|s| s.desired.users.keys()).collect();
        known.extend(survey.read.iter().flat_map(|s| &s.actual.accounts).map(|account| &account.email));
        for user in &self.user {
            if !known.contains(user) {
                let known: Vec<String> = known.iter().map(ToString::to_string).collect();
                let hint = nearest(user.as_str(), &known).map_or_else(String::new, |near| format!(": did you mean {near}?"));
                anyhow::bail!("{user} is neither in the YAML nor in the workspaces{hint}");
            }
        }
        Ok(())
    }
}
