//! Collects what the first write to a workspace needs: confirmations of blocks, first passwords, and the code word.

use std::path::Path;

use anyhow::Context as _;

use crate::apply::{Secrets, confirm};
use crate::model::{Actual, Change, Desired, Email, Plan, Secret};
use crate::platform::FIRST_PASSWORD;

use crate::cli::terminal::Terminal;
use crate::cli::workspaces::secrets;

/// Fetches the secrets that a plan needs.
///
/// # Errors
/// Fails if a secret cannot be fetched.
pub(in crate::cli) fn fetch(plan: &Plan, desired: &Desired, roster: &Path) -> anyhow::Result<Secrets> {
    let mut found = Secrets::default();
    if plan.changes.iter().any(|step| step.change == Change::SetCodeWord) {
        found.code_word = desired.code_word.as_ref().map(|r| secrets::fetch(r, roster)).transpose().context("code_word")?;
    }
    for email in newcomers(plan) {
        if let Some(password) = first_password(email, desired, roster)? {
            found.initial_passwords.insert(email.clone(), password);
        }
    }
    Ok(found)
}

/// Checks the first passwords of the users whom a plan creates, so that `plan` reports problems before anybody applies it.
pub(in crate::cli) fn first_passwords(plan: &Plan, desired: &Desired, roster: &Path) -> Vec<anyhow::Error> {
    newcomers(plan).filter_map(|email| first_password(email, desired, roster).err()).collect()
}

/// The addresses of those for whom a plan makes an account.
fn newcomers(plan: &Plan) -> impl Iterator<Item = &Email> {
    plan.changes.iter().filter_map(|step| if let Change::CreateAccount(new) = &step.change { Some(&new.email) } else { None })
}

/// Fetches the first password of a user who is new to the platform (AR-10).
fn first_password(email: &Email, desired: &Desired, roster: &Path) -> anyhow::Result<Option<Secret>> {
    let Some(reference) = desired.users.get(email).and_then(|user| user.initial_password.as_ref()) else { return Ok(None) };
    let whose = || format!("{}: initial_password of {email}", desired.workspace);
    let password = secrets::fetch(reference, roster).with_context(whose)?;
    if !FIRST_PASSWORD.contains(&password.expose().chars().count()) {
        let (least, most) = (FIRST_PASSWORD.start(), FIRST_PASSWORD.end());
        return Err(anyhow::anyhow!("a first password must have {least} to {most} characters: change the secret").context(whose()));
    }
    Ok(Some(password))
}

/// The sources of the acting admin's phone number.
pub(in crate::cli) struct Phone<'a> {
    /// The number from the command line.
    pub given: Option<&'a str>,
}

impl Phone<'_> {
    /// Returns the number that confirms the blocks of a workspace; `None` if its plan has no blocks (AR-19).
    ///
    /// # Errors
    /// Fails if no number was given, or if it is not one of the acting admin's own.
    pub(in crate::cli) fn confirm(&self, plan: &Plan, actual: &Actual, terminal: Terminal) -> anyhow::Result<Option<Secret>> {
        let blocked: Vec<String> = confirm::blocks(plan).map(|(_, email)| email.to_string()).collect();
        if blocked.is_empty() {
            return Ok(None);
        }
        let mut number = self.given.map(str::to_owned).or_else(|| from_environment(&plan.workspace));
        if number.is_none() && terminal.can_ask() {
            let admin = actual.token_owner.as_ref().map_or_else(|| "the acting admin".to_owned(), ToString::to_string);
            terminal.say(&format!("{}: {} will be blocked.", plan.workspace, blocked.join(", ")));
            number = Some(terminal.ask(&format!("To confirm, enter one of {admin}'s own phone numbers:"))?);
        }
        let number = number.map(Secret::new);
        confirm::check(plan, actual, number.as_ref()).map_err(|why| match number {
            Some(_) => anyhow::Error::new(why),
            None => anyhow::anyhow!("{why}, or in {}", variable(&plan.workspace)),
        })?;
        Ok(number)
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn from_environment(workspace: &str) -> Option<String> {
    [variable(workspace), "ROSTERCTL_CONFIRM_PHONE".to_owned()]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.trim().is_empty()))
}

/// Returns the name of a workspace's variable: in upper case, with `_` for `-`.
fn variable(workspace: &str) -> String {
    format!("ROSTERCTL_CONFIRM_PHONE_{}", workspace.to_ascii_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_variable_of_a_workspace_is_in_upper_case() {
        assert_eq!(super::variable("glow-medspa"), "ROSTERCTL_CONFIRM_PHONE_GLOW_MEDSPA");
    }
}
