//! Selects a roster, its workspaces and their users.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::manifest::Roster;
use crate::model::{Desired, Email, LoginName, owners};
use crate::report::clean;
use crate::yaml::nearest;

use super::roster::no_workspace;
use super::workspaces::survey::Survey;

/// The roster, workspaces and users that a command works on.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::cli) struct Selection {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    pub(in crate::cli) roster: PathBuf,
    /// Only this workspace. Can be given several times.
    #[arg(long, value_name = "WORKSPACE")]
    pub(in crate::cli) workspace: Vec<String>,
    /// Only this user, and the changes theirs depend on. Can be given several times.
    #[arg(long, value_name = "EMAIL|USER_NAME")]
    pub(in crate::cli) user: Vec<LoginName>,
}

impl Selection {
    /// Returns the selected users; an empty set means all of them.
    #[must_use]
    pub(in crate::cli) fn users<'a>(&self, workspaces: &(impl Iterator<Item = &'a Desired> + Clone)) -> BTreeSet<Email> {
        self.user.iter().flat_map(|login| owners::meant(login, workspaces.clone())).collect()
    }

    /// Returns the selected workspaces; all of them if none was named.
    ///
    /// # Errors
    /// Fails if the roster does not have a workspace that was named.
    pub(in crate::cli) fn workspaces(&self, roster: Roster) -> anyhow::Result<Vec<Desired>> {
        self.among(roster.workspaces, "roster")
    }

    /// Returns the selected ones of these workspaces of a `place`; all of them if none was named.
    ///
    /// # Errors
    /// Fails if a workspace that was named is not among them.
    pub(in crate::cli) fn among(&self, workspaces: Vec<Desired>, place: &str) -> anyhow::Result<Vec<Desired>> {
        let known: Vec<String> = workspaces.iter().map(|w| w.workspace.clone()).collect();
        for name in &self.workspace {
            if !known.contains(name) {
                anyhow::bail!(no_workspace(&format!("the {place}"), name, &known));
            }
        }
        Ok(workspaces.into_iter().filter(|w| self.workspace.is_empty() || self.workspace.contains(&w.workspace)).collect())
    }

    /// Checks that every user who was named is in the roster or in a workspace.
    ///
    /// # Errors
    /// Lists unknown users with the closest match.
    pub(in crate::cli) fn check_users(&self, survey: &Survey) -> anyhow::Result<()> {
        if !survey.unread.is_empty() {
            return Ok(());
        }
        let workspaces = survey.read.iter().map(|s| &s.desired);
        let mut known: BTreeSet<&Email> = workspaces.clone().flat_map(|desired| desired.users.keys()).collect();
        known.extend(
            survey.read.iter().flat_map(|s| &s.actual.accounts).flat_map(|account| std::iter::once(&account.email).chain(&account.former)),
        );
        self.check_known(&known, &workspaces, "any workspace")
    }

    /// Checks that every user who was named is one of these, who are in the roster or in `others`.
    ///
    /// # Errors
    /// Lists unknown users with the closest match.
    pub(in crate::cli) fn check_known<'a>(
        &self,
        known: &BTreeSet<&Email>,
        workspaces: &(impl Iterator<Item = &'a Desired> + Clone),
        others: &str,
    ) -> anyhow::Result<()> {
        for user in &self.user {
            if !owners::meant(user, workspaces.clone()).iter().any(|email| known.contains(email)) {
                let known: Vec<String> =
                    known.iter().map(|email| email.user_name().map_or_else(|| email.to_string(), Cow::into_owned)).collect();
                let hint = nearest(user.as_str(), &known).map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
                anyhow::bail!("`{}` is neither in the roster nor in {others}{hint}", clean(user.as_str()));
            }
        }
        Ok(())
    }
}
