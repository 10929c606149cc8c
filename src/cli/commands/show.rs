//! `rosterctl show`: prints a saved plan or receipt in any format.

use std::path::PathBuf;

use crate::report::saved::Saved;
use crate::report::{PlanView, show_plan, show_receipt};

use crate::cli::exit::Exit;
use crate::cli::files::path_text::shown;
use crate::cli::files::saved_file;
use crate::cli::terminal::{FormatOption, Terminal};

/// Shows a plan saved by `plan --out`, or a receipt saved by `apply`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Show {
    /// The saved plan or receipt.
    file: PathBuf,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: FormatOption,
}

impl Show {
    /// Prints the content of the file.
    ///
    /// # Errors
    /// Fails if the file cannot be read, is damaged, or was made by another version.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let form = terminal.form(self.format);
        let text = match saved_file::open(&self.file)? {
            Saved::Plan { plan, people, unread } => show_plan(&PlanView { plan: &plan, people: &people, unread: &unread }, form),
            Saved::Receipt { .. } if self.format.is_runbook() => {
                anyhow::bail!("`{}` is a receipt: a runbook is made from a plan, saved by `plan --out FILE`", shown(&self.file))
            }
            Saved::Receipt { receipt, people } => show_receipt(&receipt, &people, form),
        };
        terminal.print(&text)?;
        Ok(Exit::Done)
    }
}
