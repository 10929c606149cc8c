//! `rosterctl apply`: does what the plan says, and proves that it worked.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::model::Email;
use crate::report::{Form, Page, show_plan, show_receipt};

use crate::cli::applying::planned;
use crate::cli::applying::provenance::Origin;
use crate::cli::applying::run::{self, Work};
use crate::cli::exit::Exit;
use crate::cli::files::receipts;
use crate::cli::files::unshown;
use crate::cli::roster;
use crate::cli::selection::Selection;
use crate::cli::terminal::{Format, Terminal};
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::stores::Stores;
use crate::cli::workspaces::survey::{self, Purpose, Survey};

/// Does what the plan says, then reads again to prove it.
///
/// Shows the plan and asks first. Killed or failed half way, run it again, from anywhere: it finds what is left by itself.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl apply examples/glow                    shows the plan and asks
  rosterctl apply . --plan monday.plan --yes       exactly what was saved; who changed meanwhile is left alone
  rosterctl apply . --confirm-phone '+1 602 555 0100'

A block is confirmed with one of the acting admin's own phone numbers: at the prompt, with --confirm-phone, or in
ROSTERCTL_CONFIRM_PHONE_<WORKSPACE> (such as ROSTERCTL_CONFIRM_PHONE_GLOW_MEDSPA) or ROSTERCTL_CONFIRM_PHONE.")]
pub(in crate::cli) struct Apply {
    #[command(flatten)]
    selection: Selection,
    /// Applies this saved plan, made by `plan --out`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["workspace", "user"])]
    plan: Option<PathBuf>,
    /// Does not ask.
    #[arg(long, short)]
    yes: bool,
    /// How many changes of a workspace are under way at one time.
    #[arg(long, value_name = "N", default_value = "8")]
    parallelism: NonZeroUsize,
    /// One of the acting admin's own phone numbers, to confirm blocks.
    #[arg(long, value_name = "PHONE")]
    confirm_phone: Option<String>,
    /// Writes the receipt into this file [default: a file below .rosterctl/receipts].
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    #[command(flatten)]
    origin: Origin,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Apply {
    /// Plans or opens the saved plan, asks, writes, reads again.
    ///
    /// # Errors
    /// When the roster or the saved plan can not be read, or the output not be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let Some(roster) = roster::load_or_show(&self.selection.roster, terminal)? else { return Ok(Exit::Error) };
        let (saved, users) = match self.plan.as_deref() {
            Some(file) => planned::open(file).map(|(plan, users)| (Some(plan), users))?,
            None => (None, self.selection.users()),
        };
        let workspaces = match &saved {
            Some(saved) => planned::workspaces(saved, roster)?,
            None => self.selection.workspaces(roster)?,
        };
        runtime::run(workspaces.len(), async |stores| {
            let mut survey = survey::survey(workspaces, &self.selection.roster, &users, &stores, Purpose::Apply).await;
            self.selection.check_users(&survey)?;
            let is_saved = saved.is_some();
            let drift = match saved {
                Some(saved) => planned::put_in(&mut survey, saved, terminal),
                None => Vec::new(),
            };
            self.go(survey, drift, users, is_saved, stores, terminal).await
        })?
    }

    async fn go(
        &self,
        survey: Survey,
        drift: Vec<planned::Drift>,
        users: BTreeSet<Email>,
        is_saved: bool,
        stores: Stores,
        terminal: Terminal,
    ) -> anyhow::Result<Exit> {
        let (plan, people) = (survey.plan(), survey.people());
        self.show_plan(&survey::page(&plan, &people, &survey.unread), terminal)?;
        survey.tell(terminal);
        for surveyed in &survey.read {
            let workspace = &surveyed.desired.workspace;
            for user in unshown::passcodes(&self.selection.roster, workspace) {
                terminal.warn(&format!(
                    "{workspace}: the last run was broken off while it made a passcode for {user}; if nobody was told it, generate another in \
                     the workspace"
                ));
            }
        }
        let mut exits = survey.exits.clone();
        let changes = survey.read.iter().filter_map(survey::Surveyed::approved).map(|approved| approved.plan().changes.len()).sum();
        if changes > 0 && !self.yes && !agreed(terminal)? {
            return Ok(Exit::first(exits.into_iter().chain([Exit::Unconfirmed])));
        }
        let work = Work {
            roster: &self.selection.roster,
            users,
            is_saved,
            parallelism: self.parallelism,
            confirm_phone: self.confirm_phone.as_deref(),
            origin: &self.origin,
            digest: plan.digest.clone(),
            stores,
            changes,
            terminal,
        };
        let done = run::run(survey, drift, &work).await?;
        exits.extend(done.exits);
        if changes > 0 || self.receipt.is_some() {
            let path = receipts::save(&done.receipt, &people, self.receipt.as_deref(), &self.selection.roster)?;
            terminal.say(&format!("Receipt: {}", path.display()));
        }
        if let Some(path) = &done.passcodes {
            terminal.say(&format!("New passcodes are in {}: hand them over, then delete the file.", path.display()));
        }
        if changes > 0 || self.format != Format::Text || done.receipt.workspaces.iter().any(|w| w.error.is_some() || !w.left.is_empty()) {
            terminal.print(&show_receipt(&done.receipt, &people, terminal.form(self.format)))?;
        }
        Ok(Exit::first(exits))
    }

    /// The plan goes to stdout beside the receipt where both are text; otherwise stdout is the receipt's alone.
    fn show_plan(&self, page: &Page<'_>, terminal: Terminal) -> anyhow::Result<()> {
        match terminal.form(self.format) {
            form @ Form::Text { .. } => terminal.print(&show_plan(page, form)),
            Form::Markdown | Form::Json => {
                terminal.say(&show_plan(page, Form::Text { colour: terminal.colours_stderr() }));
                Ok(())
            }
        }
    }
}

fn agreed(terminal: Terminal) -> anyhow::Result<bool> {
    if !terminal.can_ask() {
        terminal.say("Nothing was written: nobody is here to say yes. Give --yes, or save the plan with `plan --out` and apply that.");
        return Ok(false);
    }
    let answer = terminal.ask("Apply? yes/no")?;
    let agreed = matches!(answer.to_ascii_lowercase().as_str(), "yes" | "y");
    if !agreed {
        terminal.say("Nothing was written.");
    }
    Ok(agreed)
}
