//! `rosterctl apply`: applies a plan, and confirms the result.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::apply::stale::PlanDrift;
use crate::model::{Digest, Email, RosterPlan, WorkspaceReceipt};
use crate::report::{Format, People, PlanView, show_plan, show_receipt};

use crate::cli::applying::by_hand;
use crate::cli::applying::passcodes::Passcodes;
use crate::cli::applying::planned;
use crate::cli::applying::run::{self, Work};
use crate::cli::attesting::provenance::GivenProvenance;
use crate::cli::exit::Exit;
use crate::cli::files::output_file;
use crate::cli::files::receipts;
use crate::cli::files::unseen_passcodes;
use crate::cli::roster;
use crate::cli::selection::Selection;
use crate::cli::terminal::{FormatOption, Terminal};
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::stores::Stores;
use crate::cli::workspaces::survey::{self, Purpose, Survey};

/// Applies the plan, then reads the workspaces again to confirm the result.
///
/// Shows the plan and asks before it changes anything. If a run fails or is killed, run the same command again, from any machine: it
/// finds what is left to do.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  # Show the plan and ask
  rosterctl apply examples/glow
  # Apply a saved plan; users who changed since are left alone
  rosterctl apply . --plan monday.plan --yes
  # Apply it only if it has this digest
  rosterctl apply . --plan monday.plan --digest 7f3c9ae10b52
  rosterctl apply . --confirm-phone '+1 602 555 0100'

The acting admin must confirm a block with one of their own phone numbers: at the prompt, with --confirm-phone, or in the \
environment variable ROSTERCTL_CONFIRM_PHONE_<WORKSPACE> (such as ROSTERCTL_CONFIRM_PHONE_GLOW_MEDSPA) or \
ROSTERCTL_CONFIRM_PHONE.")]
pub(in crate::cli) struct Apply {
    #[command(flatten)]
    selection: Selection,
    /// Apply this plan, saved by `plan --out`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workspace", "user"])]
    plan: Option<PathBuf>,
    /// Refuse every plan but the one with this digest.
    #[arg(long, value_name = "HEX", value_parser = digits, help = digest_help())]
    digest: Option<String>,
    /// Do not ask for confirmation.
    #[arg(long, short)]
    yes: bool,
    /// How many changes to make at the same time in each workspace.
    #[arg(long, value_name = "N", default_value = "8", value_parser = number_from_one)]
    parallelism: NonZeroUsize,
    /// One of the acting admin's own phone numbers, to confirm blocks.
    #[arg(long, value_name = "PHONE")]
    confirm_phone: Option<String>,
    /// Write the receipt to this file [default: a new file in .rosterctl/receipts].
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Write new passcodes to this file, instead of showing them once at the end.
    #[arg(long, value_name = "FILE")]
    passcodes: Option<PathBuf>,
    #[command(flatten)]
    origin: GivenProvenance,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: FormatOption,
}

/// Reads a number from 1.
fn number_from_one(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "write a number from 1".to_owned())
}

impl Apply {
    /// Makes or opens a plan, asks, applies it, and reads the workspaces again.
    ///
    /// # Errors
    /// Fails if the roster or the saved plan cannot be read, or the output cannot be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        self.check_files()?;
        let origin = self.origin.with_environment()?;
        let Some(roster) = roster::load_or_show(&self.selection.roster, terminal)? else { return Ok(Exit::Error) };
        let saved = self.plan.as_deref().map(planned::open).transpose()?;
        if let Some(other) = saved.as_ref().map(planned::digest).filter(|digest| !self.is_approved(digest)) {
            return Ok(self.refuse(&other, terminal));
        }
        let workspaces = match &saved {
            Some(saved) => planned::workspaces(saved, roster)?,
            None => self.selection.workspaces(roster)?,
        };
        let users = saved.as_ref().map_or_else(|| self.selection.users(&workspaces.iter()), planned::SavedPlan::users);
        runtime::run(workspaces.len(), async |stores| {
            let mut survey = survey::survey(workspaces, &self.selection.roster, &users, &stores.at(terminal), Purpose::Apply).await;
            self.selection.check_users(&survey)?;
            let drift = match saved {
                Some(saved) => Some(planned::use_saved_plans(&mut survey, saved, &self.selection.roster, &stores, terminal).await),
                None => None,
            };
            self.go(survey, drift, users, &origin, stores, terminal).await
        })?
    }

    /// Shows the plan, asks, and applies it. `drift` is what changed since a saved plan; `None` if the plan is new.
    async fn go(
        &self,
        survey: Survey,
        drift: Option<Vec<PlanDrift>>,
        users: BTreeSet<Email>,
        origin: &GivenProvenance,
        stores: Stores,
        terminal: Terminal,
    ) -> anyhow::Result<Exit> {
        let (plan, people) = (survey.plan(), survey.people());
        let left = |drift: &Vec<PlanDrift>| RosterPlan {
            format: plan.format,
            digest: plan.digest.clone(),
            workspaces: survey.read.iter().zip(drift).map(|(own, drift)| by_hand::left_of(own, Some(drift))).collect(),
        };
        let left = drift.as_ref().map(left);
        self.show_plan(&survey::page(left.as_ref().unwrap_or(&plan), &people, &survey.unread), terminal)?;
        survey.print_warnings(terminal);
        unseen_passcodes::warn(
            &self.selection.roster,
            survey.read.iter().map(|s| (s.desired.workspace.as_str(), s.actual.as_of)),
            terminal,
        );
        if drift.is_none() && !self.is_approved(&plan.digest) {
            return Ok(self.refuse(&plan.digest, terminal));
        }
        let mut exits = survey.exits.clone();
        let how = by_hand::Walk {
            roster: &self.selection.roster,
            by: origin.approver(),
            is_possible: self.format.is_text() && terminal.can_ask(),
            stores: &stores,
        };
        let (survey, drift, by_hand) = by_hand::take_out(survey, drift, &mut exits, &how, terminal).await?;
        let says_all = self.format.is_text() && self.receipt.is_none();
        if says_all && survey.read.is_empty() && survey.unread.is_empty() && !exits.is_empty() {
            return Ok(Exit::first(exits));
        }
        let changes = survey.read.iter().filter_map(survey::Surveyed::approved).map(|approved| approved.plan().changes.len()).sum();
        if changes > 0 && !self.yes && !confirmed(terminal) {
            return Ok(Exit::first(exits.into_iter().chain([Exit::Unconfirmed])));
        }
        let passcodes = Passcodes::default();
        let work = Work {
            roster: &self.selection.roster,
            users,
            is_saved: drift.is_some(),
            parallelism: self.parallelism,
            confirm_phone: self.confirm_phone.as_deref(),
            origin,
            digest: plan.digest.clone(),
            stores,
            passcodes: passcodes.clone(),
            passcodes_file: self.passcodes.as_deref(),
            changes,
            terminal,
        };
        let reported = self.apply(survey, drift.unwrap_or_default(), by_hand, &work, &people).await;
        // Last, so that nothing pushes them off the screen; and also after an error.
        exits.push(passcodes.show(terminal));
        exits.extend(reported?);
        Ok(Exit::first(exits))
    }

    /// Applies the plan, and saves and prints the receipt.
    async fn apply(
        &self,
        survey: Survey,
        drift: Vec<PlanDrift>,
        by_hand: Vec<WorkspaceReceipt>,
        work: &Work<'_>,
        people: &People,
    ) -> anyhow::Result<Vec<Exit>> {
        let mut done = run::run(survey, drift, work).await?;
        done.receipt.workspaces.extend(by_hand);
        done.receipt.workspaces.sort_by(|a, b| a.plan.workspace.cmp(&b.plan.workspace));
        let (mut exits, terminal) = (done.exits, work.terminal);
        let kept = (work.changes > 0 || self.receipt.is_some())
            .then(|| receipts::save(&done.receipt, people, self.receipt.as_deref(), &self.selection.roster));
        // The outcome comes first: a receipt or an output that cannot be written must not hide it.
        let is_worth_showing =
            work.changes > 0 || !self.format.is_text() || done.receipt.workspaces.iter().any(|w| w.error.is_some() || !w.left.is_empty());
        let form = terminal.form(self.format);
        let printed = if is_worth_showing { terminal.print(&show_receipt(&done.receipt, people, form)) } else { Ok(()) };
        match kept.map(receipts::Kept::place_in_words) {
            Some(Ok(place)) => terminal.say(&place),
            Some(Err(why)) => {
                terminal.complain(&why);
                exits.push(Exit::Error);
            }
            None => {}
        }
        printed?;
        Ok(exits)
    }

    /// Refuses one file for two purposes, since one would destroy what the other wrote, and a file that would become a part of the roster.
    fn check_files(&self) -> anyhow::Result<()> {
        for (option, file, ending) in [("--receipt", &self.receipt, "json"), ("--passcodes", &self.passcodes, "txt")] {
            if let Some(file) = file {
                output_file::stay_out_of_roster(option, file, &self.selection.roster, ending)?;
            }
        }
        let named = [("--plan", &self.plan), ("--receipt", &self.receipt), ("--passcodes", &self.passcodes)];
        let given: Vec<(&str, &PathBuf)> = named.into_iter().filter_map(|(option, file)| Some((option, file.as_ref()?))).collect();
        for (at, (option, file)) in given.iter().enumerate() {
            let twin = given.iter().skip(at + 1).find(|(_, other)| output_file::is_same(file, other));
            if let Some((other, _)) = twin {
                anyhow::bail!("{option} and {other} name the same file: give each its own");
            }
        }
        Ok(())
    }

    /// Returns whether a plan has the digest that was given, if one was.
    fn is_approved(&self, digest: &Digest) -> bool {
        self.digest.as_ref().is_none_or(|given| digest.0.starts_with(given))
    }

    fn refuse(&self, digest: &Digest, terminal: Terminal) -> Exit {
        let given = self.digest.as_deref().unwrap_or_default();
        terminal.complain(&anyhow::anyhow!(
            "this plan has the digest {digest}, and --digest names another one, {given}: nothing was written. Apply the plan that was \
             approved, or review this one and give its digest"
        ));
        Exit::Stale
    }

    /// Prints the plan to stdout if the receipt is text too; otherwise to stderr, so that stdout contains the receipt alone.
    fn show_plan(&self, page: &PlanView<'_>, terminal: Terminal) -> anyhow::Result<()> {
        match terminal.form(self.format) {
            form @ Format::Text { .. } => terminal.print(&show_plan(page, form)),
            Format::Markdown | Format::Json | Format::Runbook | Format::Html => {
                terminal.say(&show_plan(page, Format::Text { color: terminal.colors_stderr(), width: terminal.width() }));
                Ok(())
            }
        }
    }
}

fn digest_help() -> String {
    let (all, fewest) = (Digest::DIGITS, Digest::FEWEST_DIGITS);
    format!("Refuse every plan but the one with this digest: all its {all} digits, or at least the first {fewest}")
}

/// Reads a digest, or the first digits of one.
fn digits(text: &str) -> Result<String, String> {
    let digits = text.trim().to_ascii_lowercase();
    if Digest::is_named_by(&digits) {
        Ok(digits)
    } else {
        Err(format!("write all {} hex digits of the plan's digest, or at least the first {}", Digest::DIGITS, Digest::FEWEST_DIGITS))
    }
}

fn confirmed(terminal: Terminal) -> bool {
    if !terminal.can_ask() {
        terminal.say("Nothing was changed, because there is no terminal to ask for confirmation. Add --yes, or save a plan with `plan --out` and apply it with `apply --plan FILE --yes`.");
        return false;
    }
    let Ok(answer) = terminal.ask("Apply? yes/no") else {
        terminal.say("\nNothing was changed, because there was no answer.");
        return false;
    };
    let agreed = matches!(answer.to_ascii_lowercase().as_str(), "yes" | "y");
    if !agreed {
        terminal.say("Nothing was changed.");
    }
    agreed
}
