//! Collects what the first write to a workspace needs: confirmations of blocks, first passwords, and the code word.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::apply::{Secrets, confirm};
use crate::model::{Actual, Country, Desired, Email, MissingSecret, NotReady, Plan, Secret, SecretError, SecretPurpose, Unconfirmed};
use crate::platform::{FIRST_PASSWORD, phone_in};
use crate::report::{of_system, sentences};

use crate::cli::terminal::Terminal;
use crate::cli::workspaces::secrets;
use crate::cli::workspaces::spoken::CodeWords;

/// The secrets that a plan needs.
#[derive(Default)]
pub(in crate::cli) struct Fetched {
    /// Those that could be fetched.
    pub secrets: Secrets,
    /// The changes without theirs, by position in the plan, each with the reason. Nothing else waits for these.
    pub missing: BTreeMap<usize, MissingSecret>,
}

/// Fetches the secrets that a plan needs: the code word (PBN-5) and first passwords. A secret that cannot be had leaves only its own change undone.
pub(in crate::cli) fn fetch(plan: &Plan, desired: &Desired, roster: &Path, code_words: &CodeWords) -> Fetched {
    let mut found = Fetched::default();
    for (position, step) in plan.changes.iter().enumerate() {
        let (purpose, fetched) = if step.change.action().sets_code_word() {
            let word = desired.code_word.as_ref().map(|reference| code_words.fetch_once(&desired.workspace, reference, roster)).transpose();
            (SecretPurpose::CodeWord, word.map(|word| found.secrets.code_word = word))
        } else if let Some(new) = step.change.new_account() {
            let passwords = &mut found.secrets.initial_passwords;
            let fetched = first_password(&new.email, desired, roster)
                .map(|password| passwords.extend(password.map(|password| (new.email.clone(), password))));
            (SecretPurpose::FirstPassword { user: new.email.clone() }, fetched)
        } else {
            continue;
        };
        if let Err(why) = fetched {
            found.missing.insert(position, MissingSecret { workspace: desired.workspace.clone(), purpose, why });
        }
    }
    found
}

/// Fetches the first password of a user who is new to the platform (AR-10).
fn first_password(email: &Email, desired: &Desired, roster: &Path) -> Result<Option<Secret>, SecretError> {
    let Some(reference) = desired.users.get(email).and_then(|user| user.initial_password.as_ref()) else { return Ok(None) };
    let password = secrets::fetch(reference, roster)?;
    if !FIRST_PASSWORD.contains(&password.expose().chars().count()) {
        return Err(SecretError::FirstPasswordLength);
    }
    Ok(Some(password))
}

/// The sources of the acting admin's phone number.
pub(in crate::cli) struct Phone<'a> {
    /// The number from the command line.
    pub given: Option<&'a str>,
}

impl Phone<'_> {
    /// Returns the number that confirms the blocks of a workspace; `None` if no block is left to make (AR-19). `settled` are the positions of
    /// changes that are already made, or are left alone.
    ///
    /// # Errors
    /// Fails if no number was given, or if it is not one of the acting admin's own.
    pub(in crate::cli) fn confirm(
        &self,
        plan: &Plan,
        settled: &BTreeSet<usize>,
        actual: &Actual,
        country: Option<Country>,
        terminal: Terminal,
    ) -> Result<Option<Secret>, NotReady> {
        let blocked: Vec<String> = confirm::blocks(plan, settled).map(|(_, email)| email.to_string()).collect();
        if blocked.is_empty() {
            return Ok(None);
        }
        let check = |typed: &str| {
            // The server compares international numbers.
            let number = Secret::new(phone_in(country, typed).unwrap_or_else(|| typed.to_owned()));
            confirm::check(plan, settled, actual, Some(&number)).map(|()| number)
        };
        if let Some(number) = self.given.map(str::to_owned).or_else(|| from_environment(&plan.workspace)) {
            return check(&number).map(Some).map_err(|why| NotReady::Unconfirmed { why, variable: None });
        }
        if !terminal.can_ask() {
            let or_in = |why| NotReady::Unconfirmed { why, variable: Some(variable(&plan.workspace)) };
            confirm::check(plan, settled, actual, None).map_err(or_in)?;
        }
        let admin = actual.token_owner.as_ref().map_or_else(|| "the acting admin".to_owned(), ToString::to_string);
        terminal.say(&format!("{}: {} will be blocked.", plan.workspace, blocked.join(", ")));
        let question = format!("To confirm, enter one of {admin}'s own phone numbers:");
        let complain = |why: &Unconfirmed| terminal.complain(&anyhow::Error::msg(sentences::unconfirmed(why)));
        ask_for_number(check, || terminal.ask(&question), complain).map(Some)
    }
}

/// Asks until a number is right, but three times at most.
fn ask_for_number(
    check: impl Fn(&str) -> Result<Secret, Unconfirmed>,
    mut ask: impl FnMut() -> anyhow::Result<String>,
    mut complain: impl FnMut(&Unconfirmed),
) -> Result<Secret, NotReady> {
    let mut left = ANSWERS;
    loop {
        left = left.saturating_sub(1);
        match check(&ask().map_err(|why| NotReady::NoAnswer { source_text: why.downcast_ref::<std::io::Error>().map(of_system) })?) {
            Ok(number) => return Ok(number),
            Err(why) if left > 0 && why.can_be_corrected() => complain(&why),
            Err(why) => return Err(NotReady::Unconfirmed { why, variable: None }),
        }
    }
}

/// The number of times that a phone number can be entered.
const ANSWERS: usize = 3;

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
    use std::collections::VecDeque;

    use super::*;

    /// Enters these answers one after the other; returns the result, what was said, and the answers that are left.
    fn entered(answers: &[&str], wrong: &Unconfirmed) -> (Option<String>, usize, usize) {
        let mut answers: VecDeque<&str> = answers.iter().copied().collect();
        let mut said = 0;
        let check = |typed: &str| if typed == "right" { Ok(Secret::new(typed.to_owned())) } else { Err(wrong.clone()) };
        let ask = || answers.pop_front().map(str::to_owned).ok_or_else(|| anyhow::anyhow!("there was no answer"));
        let number = ask_for_number(check, ask, |_| said += 1).ok().map(|number| number.expose().to_owned());
        (number, said, answers.len())
    }

    #[test]
    fn a_wrong_number_at_the_prompt_is_asked_again_twice() {
        let right = Some("right".to_owned());
        assert_eq!(entered(&["right"], &Unconfirmed::Form), (right.clone(), 0, 0));
        assert_eq!(entered(&["slip", "slip", "right"], &Unconfirmed::Form), (right, 2, 0));
        assert_eq!(entered(&["slip", "slip", "slip", "right"], &Unconfirmed::Form), (None, 2, 1));
        assert_eq!(entered(&["slip"], &Unconfirmed::Form), (None, 1, 0));
        let nobody = Unconfirmed::NobodyActs(Email::parse("kim@glow.example").unwrap());
        assert_eq!(entered(&["any", "right"], &nobody), (None, 0, 1), "another number would not help");
    }

    #[test]
    fn the_variable_of_a_workspace_is_in_upper_case() {
        assert_eq!(super::variable("glow-medspa"), "ROSTERCTL_CONFIRM_PHONE_GLOW_MEDSPA");
    }
}
