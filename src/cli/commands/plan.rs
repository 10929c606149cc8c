//! `rosterctl plan`: shows what would change, without changing anything.

use std::path::PathBuf;

use crate::model::RosterPlan;
use crate::report::saved;
use crate::report::sentences;
use crate::report::show_plan;

use crate::cli::applying::confirm;
use crate::cli::exit::Exit;
use crate::cli::files::abandoned;
use crate::cli::files::output_file;
use crate::cli::files::path_text::shown;
use crate::cli::files::unseen_passcodes;
use crate::cli::roster;
use crate::cli::selection::Selection;
use crate::cli::shell;
use crate::cli::terminal::{FormatOption, Terminal};
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::survey::{self, Purpose, Survey};

/// Shows what would change and what it costs, without changing anything.
///
/// Compares each workspace with the roster. Lists risky changes first. If the platform refuses a change, says why and what to do
/// instead. If a guard stops a workspace, prints the waiver that would lift the guard.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rosterctl plan examples/glow
  rosterctl plan examples/glow --user ana.ruiz@glow.example
  # Save the plan, for `rosterctl apply --plan monday.plan`
  rosterctl plan . --out monday.plan
  # Print it for a pull request comment
  rosterctl plan . --format markdown
  # Exit with 2 if there are changes
  rosterctl plan . --detailed-exitcode
  # Exit with 3 if a part of the roster is refused
  rosterctl plan . --fail-on-refused")]
pub(in crate::cli) struct Plan {
    #[command(flatten)]
    selection: Selection,
    /// Save the plan to this file, for `apply --plan`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: FormatOption,
    /// Exit with 2 if changes are pending. Refusals are listed but do not count as changes.
    #[arg(long)]
    detailed_exitcode: bool,
    /// Exit with 3 if a workspace refuses a part of the roster.
    #[arg(long)]
    fail_on_refused: bool,
}

impl Plan {
    /// Reads the workspaces, compares them with the roster, and shows the plan.
    ///
    /// # Errors
    /// Fails if the roster cannot be read or the output cannot be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        if let Some(file) = &self.out {
            output_file::stay_out_of_roster("--out", file, &self.selection.roster, "plan")?;
        }
        let Some(roster) = roster::load_or_show(&self.selection.roster, terminal)? else { return Ok(Exit::Error) };
        abandoned::warn(&self.selection.roster, &roster.workspaces, terminal);
        let workspaces = self.selection.workspaces(roster)?;
        let (users, count) = (self.selection.users(&workspaces.iter()), workspaces.len());
        let (survey, code_words) = runtime::run(count, async |stores| {
            (survey::survey(workspaces, &self.selection.roster, &users, &stores.at(terminal), Purpose::Show).await, stores.code_words())
        })?;
        self.selection.check_users(&survey)?;
        let (plan, people) = (survey.plan(), survey.people());
        if let Some(file) = &self.out {
            output_file::write(file, saved::plan(&survey::page(&plan, &people, &survey.unread)).as_bytes())?;
        }
        terminal.print(&show_plan(&survey::page(&plan, &people, &survey.unread), terminal.form(self.format)))?;
        survey.print_warnings(terminal);
        unseen_passcodes::warn(
            &self.selection.roster,
            survey.read.iter().map(|s| (s.desired.workspace.as_str(), s.actual.as_of)),
            terminal,
        );
        if !self.format.is_text() {
            survey.print_unread(terminal);
        }
        let wrong: Vec<_> = (survey.read.iter().filter(|surveyed| !surveyed.desired.connection.is_by_hand()))
            .flat_map(|own| confirm::fetch(own.verdict.checked_plan(), &own.desired, &self.selection.roster, &code_words).missing)
            .collect();
        for (_, why) in &wrong {
            terminal.complain(&anyhow::Error::msg(sentences::missing_secret(why)));
        }
        if let Some(file) = self.out.as_ref().filter(|file| !output_file::is_stream(file)) {
            let (roster, word) = (shell::word(&self.selection.roster), shell::word(file));
            terminal.say(&sentences::saved_plan(&plan, &shown(file), &roster, &word));
        }
        let unusable = (!wrong.is_empty()).then_some(Exit::Error);
        Ok(Exit::first([self.exit(&plan, &survey)].into_iter().chain(unusable)))
    }

    fn exit(&self, plan: &RosterPlan, survey: &Survey) -> Exit {
        let stopped = plan.workspaces.iter().any(|w| !w.stops.is_empty()).then_some(Exit::Stopped);
        let pending = self.detailed_exitcode && plan.workspaces.iter().any(|w| w.plan.is_pending());
        let refused = self.fail_on_refused && plan.workspaces.iter().any(|w| !w.plan.refusals.is_empty());
        let refused = refused.then_some(Exit::Partial);
        Exit::first(survey.exits.iter().copied().chain(stopped).chain(refused).chain(pending.then_some(Exit::Pending)))
    }
}
