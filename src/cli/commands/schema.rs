//! `rosterctl schema`: the JSON Schemas of roster files, of a server's configuration and of the output.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::{manifest, report};

use crate::cli::exit::Exit;
use crate::cli::files::path_text::shown;
use crate::cli::terminal::Terminal;

/// Prints a JSON Schema, or writes all of them to a directory.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Editors complete and check a roster file that begins with:\n  # yaml-language-server: $schema=schemas/workspace.schema.json"
)]
pub(in crate::cli) struct Schema {
    /// The schema to print, such as `workspace` or `plan`; without it, the names are listed.
    #[arg(conflicts_with = "all")]
    name: Option<String>,
    /// Write every schema to this directory.
    #[arg(long, value_name = "DIR")]
    all: Option<PathBuf>,
}

impl Schema {
    /// Prints or writes the schemas.
    ///
    /// # Errors
    /// Fails if there is no schema of that name, or the directory cannot be written.
    pub(in crate::cli) fn run(&self, terminal: Terminal) -> anyhow::Result<Exit> {
        let schemas = all();
        if let Some(directory) = &self.all {
            std::fs::create_dir_all(directory).with_context(|| format!("cannot make `{}`", shown(directory)))?;
            for (file, text) in &schemas {
                let path = directory.join(file);
                std::fs::write(&path, text).with_context(|| format!("cannot write `{}`", shown(&path)))?;
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
        let (_, text) = found.with_context(|| format!("unknown schema `{name}`: the schemas are {}", names.join(", ")))?;
        terminal.print(text)?;
        Ok(Exit::Done)
    }
}

fn short(file: &str) -> &str {
    file.strip_suffix(".schema.json").unwrap_or(file)
}

/// Returns every published schema with its file name, sorted.
fn all() -> Vec<(&'static str, String)> {
    let documents = [
        ("define_platform.schema.json", manifest::schema::define_platform()),
        ("server.schema.json", manifest::server::schema()),
        ("snapshot.schema.json", manifest::schema::snapshot()),
        ("start.schema.json", manifest::schema::start()),
        ("users_of.schema.json", manifest::schema::users_of()),
        ("waivers.schema.json", manifest::schema::waivers()),
        ("workspace.schema.json", manifest::schema::workspace()),
    ];
    let mut schemas = report::schemas();
    schemas.extend(documents.map(|(file, schema)| (file, format!("{schema:#}\n"))));
    schemas.sort_unstable_by_key(|(file, _)| *file);
    schemas
}
