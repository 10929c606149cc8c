//! `rosterctl schema`: the JSON Schemas of the YAML and of the output.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::{manifest, report};

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Prints a JSON Schema, or writes all of them into a directory.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Editors complete and check a roster file that begins with:\n  # yaml-language-server: $schema=schemas/workspace.schema.json"
)]
pub(in crate::cli) struct Schema {
    /// Which one, such as `workspace` or `plan`; without it the names are listed.
    #[arg(conflicts_with = "all")]
    name: Option<String>,
    /// Writes every schema into this directory.
    #[arg(long, value_name = "DIR")]
    all: Option<PathBuf>,
}

impl Schema {
    /// Prints or writes.
    ///
    /// # Errors
    /// When there is no schema of that name, or the directory can not be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let schemas = all();
        if let Some(directory) = &self.all {
            std::fs::create_dir_all(directory).with_context(|| format!("can not make `{}`", directory.display()))?;
            for (file, text) in &schemas {
                let path = directory.join(file);
                std::fs::write(&path, text).with_context(|| format!("can not write `{}`", path.display()))?;
            }
            return Ok(Exit::Done);
        }
        let Some(name) = &self.name else {
            for (file, _) in &schemas {
                terminal.print(&format!("{}\n", short(file)))?;
            }
            return Ok(Exit::Done);
        };
        let found = schemas.iter().find(|(file, _)| short(file) == name || file == name);
        let names: Vec<&str> = schemas.iter().map(|(file, _)| short(file)).collect();
        let (_, text) = found.with_context(|| format!("there is no schema `{name}`; there are: {}", names.join(", ")))?;
        terminal.print(text)?;
        Ok(Exit::Done)
    }
}

fn short(file: &str) -> &str {
    file.strip_suffix(".schema.json").unwrap_or(file)
}

/// Every schema that is published, by file name, sorted.
fn all() -> Vec<(&'static str, String)> {
    let documents = [
        ("start.schema.json", manifest::schema::start()),
        ("waivers.schema.json", manifest::schema::waivers()),
        ("workspace.schema.json", manifest::schema::workspace()),
    ];
    let mut schemas = report::schemas();
    schemas.extend(documents.map(|(file, schema)| (file, format!("{schema:#}\n"))));
    schemas.sort_unstable_by_key(|(file, _)| *file);
    schemas
}
