//! `rosterctl show`: a saved plan or receipt, in any format.

use std::path::PathBuf;

use crate::report::saved::Saved;
use crate::report::{Page, show_plan, show_receipt};

use crate::cli::exit::Exit;
use crate::cli::files::saved_file;
use crate::cli::terminal::{Format, Terminal};

/// Shows a plan saved by `plan --out`, or a receipt that `apply` left.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Show {
    /// The file.
    file: PathBuf,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Show {
    /// Prints the file's content.
    ///
    /// # Errors
    /// When the file can not be read, is damaged, or is of another version.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let form = terminal.form(self.format);
        let shown = match saved_file::open(&self.file)? {
            Saved::Plan { plan, people, .. } => show_plan(&Page { plan: &plan, people: &people, unread: &[] }, form),
            Saved::Receipt { receipt, people } => show_receipt(&receipt, &people, form),
        };
        terminal.print(&shown)?;
        Ok(Exit::Done)
    }
}
