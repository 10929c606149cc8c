//! `rosterctl attest`: takes what a person did by hand into the list of users.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::model::{Desired, LoginName, Moment, StepId, count};

use crate::cli::attesting::person;
use crate::cli::attesting::recorded::{Recorded, record};
use crate::cli::attesting::said::{self, AllSaid};
use crate::cli::exit::Exit;
use crate::cli::files::path_text::shown;
use crate::cli::roster::{self, no_workspace};
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::runtime;
use crate::cli::workspaces::survey::{self, Purpose, Survey};

/// Records in the list of users what a person did by hand.
///
/// Takes ticked runbooks: the Markdown of `--format runbook`, or the download of the page of `--format html`. `--done` names steps that were
/// ticked on paper. `--seen` says that somebody looked, and the roster is right about fields that the list does not show. Each is recorded
/// with the person and the time. The next list of users proves it, or shows otherwise. Each refused tick is named, and the others are recorded.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  # The boxes that are ticked in a runbook
  rosterctl attest monday.md
  # The download of the page
  rosterctl attest glow-medspa-ticks.json --by olivia@glow.example
  # Steps that were ticked on paper
  rosterctl attest glow-medspa --done 3f9a1c22 --done 0749a850
  # Somebody looked: all phones match the roster
  rosterctl attest glow-medspa --seen phones")]
pub(in crate::cli) struct Attest {
    /// The ticked files; with --done or --seen, the workspace.
    #[arg(value_name = "FILE|WORKSPACE", required = true)]
    what: Vec<PathBuf>,
    /// A step of the present plan that was done. Can be given several times.
    #[arg(long, value_name = "ID", value_parser = id, num_args = 1..)]
    done: Vec<StepId>,
    /// A field that the list does not show, and that the roster has right. Can be given several times.
    #[arg(long, value_name = "FIELD", num_args = 1..)]
    seen: Vec<String>,
    /// Only this user was looked at.
    #[arg(long, value_name = "EMAIL|USER_NAME", requires = "seen")]
    user: Option<LoginName>,
    /// The person who did it [default: `ROSTERCTL_APPROVER`, or git's user.email].
    #[arg(long, value_name = "NAME", value_parser = crate::cli::attesting::provenance::name)]
    by: Option<String>,
    /// When it was done, such as `2026-11-27T17:40:00-07:00` [default: the time of each tick; for Markdown, when the file was last changed].
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
    /// The directory that contains the roster.
    #[arg(long, value_name = "ROSTER_DIR", default_value = ".")]
    roster: PathBuf,
}

impl Attest {
    /// Records what the files or the arguments say.
    ///
    /// # Errors
    /// Fails if the roster or a file cannot be read, or nothing says who did it.
    #[expect(clippy::disallowed_methods, reason = "the command line is where this machine's clock is read")]
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let Some(loaded) = roster::load_or_show(&self.roster, terminal)? else { return Ok(Exit::Error) };
        let by = person::person(("--by", self.by.as_deref()), &self.roster)?;
        let now = Timestamp::now().as_millisecond();
        let mut desired = loaded.workspaces;
        let mut all = AllSaid::default();
        let survey = if self.done.is_empty() && self.seen.is_empty() {
            for file in &self.what {
                said::file(file, self.at.map(Moment::millis), &mut all)?;
            }
            let is_said = |own: &&Desired| own.connection.is_by_hand() && all.said.iter().any(|one| one.workspace == own.workspace);
            self.survey(desired.iter().filter(is_said).cloned().collect())?
        } else {
            self.of_workspace(&desired, now, &mut all)?
        };
        let people = survey.people();
        let early: Vec<String> = survey.plan().workspaces.iter().flat_map(|plan| said::too_early(plan, &people, &all.said)).collect();
        let mut recorded = record(&self.roster, &mut desired, all.said, (&by, now), terminal)?;
        for why in early {
            terminal.warn(&why);
        }
        recorded.refused.splice(..0, all.refused);
        recorded.known += all.known;
        Ok(Self::show_recorded(&recorded, all.left, &by, terminal))
    }

    /// Adds what somebody says of one workspace, on its present plan.
    fn of_workspace(&self, desired: &[Desired], now: i64, all: &mut AllSaid) -> anyhow::Result<Survey> {
        let [name] = self.what.as_slice() else { anyhow::bail!("give one workspace with --done or --seen") };
        let Some(own) = desired.iter().find(|own| name.as_os_str() == own.workspace.as_str()) else {
            let known: Vec<String> = desired.iter().map(|own| own.workspace.clone()).collect();
            anyhow::bail!(no_workspace("the roster", &shown(name), &known));
        };
        let list = said::list(own, now)?;
        let at = self.at.map_or(now, Moment::millis);
        let survey = self.survey(vec![own.clone()])?;
        let plan = survey.plan();
        let Some(plan) = plan.workspaces.first() else { anyhow::bail!("`{}` could not be read", own.workspace) };
        said::done(&self.done, plan, at, all);
        if !self.seen.is_empty() {
            said::seen(&self.seen, self.user.as_ref(), own, &list, (plan, at), all)?;
        }
        Ok(survey)
    }

    /// Reads and plans workspaces.
    fn survey(&self, workspaces: Vec<Desired>) -> anyhow::Result<Survey> {
        let nobody = BTreeSet::new();
        let number = workspaces.len();
        runtime::run(number, async |stores| survey::survey(workspaces, &self.roster, &nobody, &stores, Purpose::Show).await)
    }

    fn show_recorded(recorded: &Recorded, left: usize, by: &str, terminal: Terminal) -> Exit {
        for why in &recorded.refused {
            terminal.complain(&anyhow::anyhow!("{why}"));
        }
        let steps = |number: usize| count(number, "step", "steps");
        if recorded.known > 0 {
            terminal.say(&format!("{} recorded before.", steps(recorded.known)));
        }
        for (file, new) in &recorded.files {
            terminal.say(&format!(
                "{} recorded by {by} in {file}. Commit it: git add {quoted} && git commit -m \"Attest {}\"",
                steps(*new),
                steps(*new),
                file = shown(file),
                quoted = crate::cli::shell::word(file),
            ));
        }
        if left > 0 {
            terminal.say(&format!("{} not ticked.", steps(left)));
        }
        match (recorded.new, recorded.refused.len()) {
            (0, 0) => terminal.say(if recorded.known > 0 { "Nothing new to record." } else { "No step is ticked: nothing to record." }),
            (_, 0) => {}
            (0, _) => terminal.say("Nothing was recorded."),
            (_, refused) => terminal.say(&format!("{refused} refused, as said above, and not recorded.")),
        }
        if recorded.refused.is_empty() { Exit::Done } else { Exit::Error }
    }
}

/// Reads the id of a step.
fn id(text: &str) -> Result<StepId, String> {
    StepId::parse(text).ok_or_else(|| format!("write the {} hex digits of a step's id", StepId::DIGITS))
}
