//! The command line: one file per command. Data goes to stdout, talk to stderr.

mod applying;
mod commands;
mod exit;
mod files;
mod roster;
mod selection;
mod terminal;
mod workspaces;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{apply, completions, man, plan, schema, serve, show, token, validate};
use exit::Exit;
use terminal::{Color, Terminal};

/// Keeps the staff accounts of medical practices the way the YAML in git says.
///
/// A roster is a directory of YAML files that say who is in which workspace, with which role, in which clinics. `plan` reads the
/// workspaces and shows what would change; `apply` does exactly that, and proves that it worked.
#[derive(Debug, Parser)]
#[command(name = "rosterctl", version, after_help = HELP, disable_help_subcommand = true, max_term_width = 100)]
struct Cli {
    /// When to colour the output.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

const HELP: &str = "\
First steps:
  rosterctl validate examples/glow        check the YAML, offline
  rosterctl plan examples/glow            see what would change; nothing is written
  rosterctl apply examples/glow           see it, say yes, and have it done

Exit codes:
  0  done, or nothing to do
  1  error in usage, input or connection
  2  changes are pending (plan --detailed-exitcode; 0 when only refusals are left)
  3  partly applied, or applied with refusals left
  4  a guard stopped a workspace
  5  something changed since it was planned
  6  not authorised, or not confirmed
When several hold, the first of 1, 6, 4, 5, 3, 2.";

#[derive(Debug, Subcommand)]
enum Command {
    Validate(validate::Validate),
    Plan(plan::Plan),
    Apply(apply::Apply),
    Show(show::Show),
    Serve(serve::Serve),
    Token(token::Token),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            let _ = usage.print();
            return if usage.use_stderr() { Exit::Error } else { Exit::Done }.into();
        }
    };
    let terminal = Terminal::new(cli.color);
    let done = match &cli.command {
        Command::Validate(validate) => validate.run(terminal),
        Command::Plan(plan) => plan.run(terminal),
        Command::Apply(apply) => apply.run(terminal),
        Command::Show(show) => show.run(terminal),
        Command::Serve(serve) => serve.run(terminal),
        Command::Token(token) => token.run(terminal),
        Command::Schema(schema) => schema.run(terminal),
        Command::Completions(completions) => completions.run(terminal),
        Command::Man(man) => man.run(terminal),
    };
    done.unwrap_or_else(|error| {
        terminal.complain(&error);
        Exit::Error
    })
    .into()
}
