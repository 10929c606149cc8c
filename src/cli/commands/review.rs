//! `rosterctl review`: who has access to what, everywhere, for an auditor. It changes no workspace.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::list::staff::{self, StaffWords};
use crate::model::{Moment, Staff};
use crate::reconcile::{self, Payroll, Reviewed};
use crate::report::Width;
use crate::report::review::{PayrollView, ReviewFormat, ReviewView, finds_wrong_access, show_review};
use crate::report::users::ReadWorkspace;

use crate::cli::exit::Exit;
use crate::cli::files::abandoned;
use crate::cli::files::output_file;
use crate::cli::files::path_text::shown;
use crate::cli::lists::{files, staff_sentences};
use crate::cli::roster;
use crate::cli::selection::Selection;
use crate::cli::terminal::Terminal;
use crate::cli::workspaces::reading::{self, LoadedWorkspace, LoadedWorkspaces};
use crate::cli::workspaces::runtime;

/// Shows who has access to what in all workspaces, for an auditor, without changing anything.
///
/// Two accounts are one person's if their addresses are the same, or if the roster or a row of the payroll says so; people who only look
/// alike are listed, and never merged. With a payroll, shows the accounts of people who are not on it or have left, and the people on it
/// who have no account.
///
/// Exits with 2 if somebody can sign in who should not. An account lets somebody in if it is active, or pending with a link that may still
/// be used, and not blocked; one whose state nothing shows counts, too. It should not let anybody in if it belongs to nobody on the payroll
/// (service accounts aside), if the roster says that it should be inactive or blocked, if a roster with `manage: exact` does not list it,
/// or if somebody attests that its access has ended.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The payroll can be CSV, XLSX, ODS or a saved page. Its columns are found by their headers: names, any number of columns with addresses and \
user names, a status (such as Active, Terminated), and the last day. Other columns are not read.

Examples:
  rosterctl review .
  rosterctl review . --staff payroll.csv
  # A payroll with letters for states, and a last day under a header that is not known
  rosterctl review . --staff payroll.csv --staff-status A=employed --staff-status T=left \\
    --staff-column 'Last paid=last-day'
  rosterctl review . --staff payroll.xlsx --format html --out review.html")]
pub(in crate::cli) struct Review {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// The payroll to compare with; `-` reads it from a pipe.
    #[arg(long, value_name = "FILE")]
    staff: Option<PathBuf>,
    /// What a word in the payroll's status means: that the person is employed, or has left. Can be given several times.
    #[arg(long, value_name = "WORD=employed|left", value_parser = state)]
    staff_status: Vec<(String, bool)>,
    /// What a column of the payroll is: `email`, `user-name`, `number`, `name`, `first-name`, `last-name`, `status`, `left`, `last-day`,
    /// `rehired` or `ignored`. Can be given several times.
    #[arg(long, value_name = "HEADER=MEANING", value_parser = column)]
    staff_column: Vec<(String, String)>,
    /// Only this workspace. Can be given several times.
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Vec<String>,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: ReviewOption,
    /// Write the review to this file, instead of printing it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The output formats of `review`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum ReviewOption {
    /// For people at a terminal.
    #[default]
    Text,
    /// For a spreadsheet.
    Csv,
    /// For a report.
    Markdown,
    /// One page for a browser, without a network.
    Html,
    /// For machines; the schema is `rosterctl schema review`.
    Json,
}

/// A payroll with the name of its file.
struct NamedStaff {
    file: String,
    staff: Staff,
}

impl Review {
    /// Reads the workspaces and the payroll, and shows the review.
    ///
    /// # Errors
    /// Fails if the roster or the payroll cannot be read, or the output cannot be written.
    #[expect(clippy::disallowed_methods, reason = "the command line is where this machine's clock is read")]
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let Some(loaded) = roster::load_or_show(&self.roster, terminal)? else { return Ok(Exit::Error) };
        if let Some(out) = &self.out {
            output_file::stay_out_of_roster("--out", out, &self.roster, "txt")?;
        }
        anyhow::ensure!(
            self.staff.is_some() || (self.staff_status.is_empty() && self.staff_column.is_empty()),
            "`--staff-status` and `--staff-column` say what a payroll means: give it with `--staff FILE`"
        );
        let selection = Selection { roster: self.roster.clone(), workspace: self.workspace.clone(), user: Vec::new() };
        abandoned::warn(&self.roster, &loaded.workspaces, terminal);
        let workspaces = selection.workspaces(loaded)?;
        let zone = workspaces.first().and_then(|desired| TimeZone::get(&desired.time_zone).ok()).unwrap_or(TimeZone::UTC);
        let now = jiff::Timestamp::now();
        let today = now.to_zoned(zone.clone()).date();
        let payroll = match &self.staff {
            None => None,
            Some(path) => match self.payroll(path, today, terminal)? {
                None => return Ok(Exit::Error),
                payroll => payroll,
            },
        };
        let readings = runtime::run(workspaces.len(), async |stores| reading::read(workspaces, &self.roster, &stores.at(terminal)).await)?;
        let as_of = Moment::new(now, zone.to_offset(now));
        let read: Vec<ReadWorkspace<'_>> = readings.read.iter().map(LoadedWorkspace::as_read).collect();
        let reviewed: Vec<Reviewed<'_>> = read
            .iter()
            .map(|one| {
                let (shown, actual) = (one.actual, one.attested.unwrap_or(one.actual));
                Reviewed { desired: one.desired, actual, shown, by_hand: one.by_hand }
            })
            .collect();
        let review = reconcile::review(&reviewed, payroll.as_ref().map(|named| Payroll { staff: &named.staff, today }));
        let view = ReviewView {
            review: &review,
            workspaces: &read,
            unread: &readings.unread,
            payroll: payroll.as_ref().map(|named| PayrollView { file: &named.file, staff: &named.staff }),
            as_of,
        };
        self.show(&show_review(&view, self.format(terminal)), terminal)?;
        self.warn(&readings, terminal);
        let found = finds_wrong_access(&view).then_some(Exit::Pending);
        Ok(Exit::first(readings.exits.into_iter().chain(found)))
    }

    /// Reads the payroll; `None` if it was refused, and why was said.
    fn payroll(&self, path: &Path, today: jiff::civil::Date, terminal: Terminal) -> anyhow::Result<Option<NamedStaff>> {
        let Some(file) = files::read(&[(path.to_owned(), None)])?.into_iter().next() else { return Ok(None) };
        let mut said = StaffWords::default();
        self.staff_status.iter().for_each(|(word, has_left)| said.add_state(word, *has_left));
        for (header, meaning) in &self.staff_column {
            said.add_column(header, meaning);
        }
        match staff::read(&file.bytes, today, &said) {
            Ok(staff) => Ok(Some(NamedStaff { file: file.name, staff })),
            Err(problems) => {
                terminal.say(&staff_sentences::problems(&file.name, &problems));
                Ok(None)
            }
        }
    }

    fn show(&self, text: &str, terminal: Terminal) -> anyhow::Result<()> {
        match &self.out {
            None => terminal.print(text),
            Some(out) => {
                output_file::write(out, text.as_bytes())?;
                terminal.say(&format!("The review is in {}.", shown(Path::new(out))));
                Ok(())
            }
        }
    }

    fn warn(&self, readings: &LoadedWorkspaces, terminal: Terminal) {
        readings.warn(terminal);
        if self.format != ReviewOption::Text || self.out.is_some() {
            readings.print_unread(terminal);
        }
    }

    fn format(&self, terminal: Terminal) -> ReviewFormat {
        match self.format {
            // A file is read elsewhere.
            ReviewOption::Text if self.out.is_some() => ReviewFormat::Text { color: false, width: Width::OF_FILES },
            ReviewOption::Text => ReviewFormat::Text { color: terminal.colors_stdout(), width: terminal.width() },
            ReviewOption::Csv => ReviewFormat::Csv,
            ReviewOption::Markdown => ReviewFormat::Markdown,
            ReviewOption::Html => ReviewFormat::Html,
            ReviewOption::Json => ReviewFormat::Json,
        }
    }
}

/// Reads what a word of a payroll means: whether people have left.
fn state(text: &str) -> Result<(String, bool), String> {
    match text.rsplit_once('=') {
        Some((word, "employed")) if !word.is_empty() => Ok((word.to_owned(), false)),
        Some((word, "left")) if !word.is_empty() => Ok((word.to_owned(), true)),
        Some(_) | None => Err("write the word and what it means, such as `T=left` or `L=employed`".to_owned()),
    }
}

/// Reads what a column of a payroll is.
fn column(text: &str) -> Result<(String, String), String> {
    let known: Vec<&str> = StaffWords::columns().collect();
    match text.rsplit_once('=') {
        Some((header, meaning)) if !header.is_empty() && known.contains(&meaning) => Ok((header.to_owned(), meaning.to_owned())),
        Some(_) | None => {
            Err(format!("write the header and what it means, such as `Last paid=last-day`; a column can be {}", known.join(", ")))
        }
    }
}
