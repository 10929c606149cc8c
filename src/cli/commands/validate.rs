//! `rosterctl validate`: checks a roster, offline.

use std::fmt::Write as _;

use std::path::PathBuf;

use serde_json::json;

use crate::manifest::{Mistake, Mistakes, Roster};
use crate::model::count;
use crate::report::clean;

use crate::cli::exit::Exit;
use crate::cli::roster::{self, Loaded};
use crate::cli::terminal::Terminal;

/// Checks the roster, offline, and lists every mistake with its file, its line and what to do.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  rosterctl validate examples/glow\n  # For an editor or a check in CI\n  rosterctl validate . --format json"
)]
pub(in crate::cli) struct Validate {
    /// The directory that contains the roster.
    #[arg(default_value = ".", value_name = "ROSTER_DIR")]
    roster: PathBuf,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    format: ValidateFormat,
}

/// The output formats of `validate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum ValidateFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

impl Validate {
    /// Reads the roster and lists its mistakes.
    ///
    /// # Errors
    /// Fails if the directory or a file cannot be read.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let loaded = roster::load(&self.roster, terminal)?;
        match (&loaded, self.format) {
            (Loaded::Roster(roster), ValidateFormat::Text) => terminal.print(&summary(roster))?,
            (Loaded::Mistakes(mistakes), ValidateFormat::Text) => roster::show(mistakes, terminal),
            (_, ValidateFormat::Json) => terminal.print(&format!("{:#}\n", document(&loaded)))?,
        }
        Ok(match loaded {
            Loaded::Roster(_) => Exit::Done,
            Loaded::Mistakes(_) => Exit::Error,
        })
    }
}

/// Lists the workspaces of a valid roster, one a line.
fn summary(roster: &Roster) -> String {
    let mut text = String::new();
    for workspace in &roster.workspaces {
        let platform = crate::platform::by_id(&workspace.platform).catalog();
        let users = count(workspace.users.len(), "user", "users");
        let _ = writeln!(text, "{} ({}): {users}", clean(&workspace.workspace), platform.name);
    }
    text.push_str("The roster has no mistakes.\n");
    text
}

fn document(loaded: &Loaded) -> serde_json::Value {
    match loaded {
        Loaded::Roster(roster) => json!({
            "format": 1,
            "valid": true,
            "workspaces": roster.workspaces.iter().map(|w| json!({ "workspace": w.workspace, "platform": w.platform, "users": w.users.len() })).collect::<Vec<_>>(),
            "mistakes": [],
            "count": 0,
            "warnings": roster.warnings.iter().map(|warning| mistake_json(warning.details())).collect::<Vec<_>>(),
        }),
        Loaded::Mistakes(mistakes) => json!({
            "format": 1,
            "valid": false,
            "workspaces": [],
            "mistakes": listed(mistakes),
            "count": mistakes.count(),
            "warnings": [],
        }),
    }
}

fn listed(mistakes: &Mistakes) -> Vec<serde_json::Value> {
    mistakes.iter().map(mistake_json).collect()
}

fn mistake_json(mistake: &Mistake) -> serde_json::Value {
    let other = mistake.other_place().map(|(file, line, column)| json!({ "file": file, "line": line, "column": column }));
    json!({
        "code": mistake.code(),
        "file": mistake.file(),
        "line": mistake.line(),
        "column": mistake.column(),
        "message": clean(mistake.message()),
        "hint": mistake.hint().map(clean),
        "other_place": other,
    })
}
