//! `rosterctl plan`: what would change. Nothing is written.

use std::path::PathBuf;

use crate::model::RosterPlan;
use crate::report::saved::{self, Saved};
use crate::report::show_plan;

use crate::cli::applying::confirm;
use crate::cli::exit::Exit;
use crate::cli::files::state_dir;
use crate::cli::roster;
use crate::cli::selection::Selection;
use crate::cli::terminal::{Format, Terminal};
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::survey::{self, Purpose, Survey};

/// Shows what would change, and what it costs; nothing is written.
///
/// Each workspace is read and compared with the YAML. Risky changes come first; what the platform refuses is shown with what to do
/// instead; a guard that stops a workspace prints the waiver that would lift it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl plan examples/glow
  rosterctl plan examples/glow --user ana.ruiz@glow.example
  rosterctl plan . --out monday.plan          save it, for `rosterctl apply --plan monday.plan`
  rosterctl plan . --format markdown          for a pull request comment
  rosterctl plan . --detailed-exitcode        2 when something is to change")]
pub(in crate::cli) struct Plan {
    #[command(flatten)]
    selection: Selection,
    /// Saves the plan into this file, for `apply --plan`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exits with 2 when changes are pending; refusals, which are shown, are none.
    #[arg(long)]
    detailed_exitcode: bool,
}

impl Plan {
    /// Reads, compares, shows.
    ///
    /// # Errors
    /// When the roster can not be read or the output not be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let Some(roster) = roster::load_or_show(&self.selection.roster, terminal)? else { return Ok(Exit::Error) };
        let workspaces = self.selection.workspaces(roster)?;
        let (users, count) = (self.selection.users(), workspaces.len());
        let survey =
            runtime::run(count, async |stores| survey::survey(workspaces, &self.selection.roster, &users, &stores, Purpose::Show).await)?;
        self.selection.check_users(&survey)?;
        let (plan, people) = (survey.plan(), survey.people());
        if let Some(file) = &self.out {
            let content = Saved::Plan { plan: plan.clone(), people: people.clone(), users: users.clone() };
            state_dir::write_private(file, &saved::save(&content))?;
        }
        terminal.print(&show_plan(&survey::page(&plan, &people, &survey.unread), terminal.form(self.format)))?;
        survey.tell(terminal);
        let wrong: Vec<_> = (survey.read.iter())
            .flat_map(|surveyed| confirm::first_passwords(surveyed.verdict.asked(), &surveyed.desired, &self.selection.roster))
            .collect();
        for why in &wrong {
            terminal.complain(why);
        }
        if let Some(file) = &self.out {
            terminal.say(&format!(
                "Saved as {0}; apply it with `rosterctl apply {1} --plan {0}`",
                file.display(),
                self.selection.roster.display()
            ));
        }
        let unusable = (!wrong.is_empty()).then_some(Exit::Error);
        Ok(Exit::first([self.exit(&plan, &survey)].into_iter().chain(unusable)))
    }

    fn exit(&self, plan: &RosterPlan, survey: &Survey) -> Exit {
        let stopped = plan.workspaces.iter().any(|w| !w.stops.is_empty()).then_some(Exit::Stopped);
        let pending = self.detailed_exitcode && plan.workspaces.iter().any(|w| !w.plan.changes.is_empty());
        Exit::first(survey.exits.iter().copied().chain(stopped).chain(pending.then_some(Exit::Pending)))
    }
}
