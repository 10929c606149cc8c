//! The command line: one file per command. Data goes to stdout, messages to stderr.

mod applying;
mod attesting;
mod commands;
mod exit;
mod files;
mod left_out;
mod lists;
mod roster;
mod selection;
mod shell;
mod signals;
mod terminal;
mod workspaces;

use std::borrow::Cow;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{
    apply, attest, code_word, completions, import, log, man, plan, review, schema, serve, set_up_link, show, snapshot, token, users,
    validate,
};
use exit::Exit;
use files::home;
use terminal::{Color, Terminal};

use crate::yaml::without_secrets;

/// Keeps the staff accounts of medical practices in line with a roster of YAML files.
///
/// A roster is a directory of YAML files that list the users of each workspace, with their roles and clinics. `plan` reads the
/// workspaces and shows what would change. `apply` makes exactly those changes, then reads the workspaces again to confirm them.
#[derive(Debug, Parser)]
#[command(name = "rosterctl", version, after_help = HELP, max_term_width = 100)]
struct Cli {
    /// When to color the output.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

const HELP: &str = "\
First steps:
  rosterctl validate examples/glow        check the roster, offline
  rosterctl plan examples/glow            see what would change, without changing anything
  rosterctl apply examples/glow           see the plan, confirm it, and apply it

Exit codes:
  0  done, or nothing to change
  1  error in usage, input or connection
  2  changes are pending (plan --detailed-exitcode only; refusals do not count as changes),
     or somebody has access who should not (review)
  3  partly applied, or applied with refusals left;
     refusals in a plan (plan --fail-on-refused only)
  4  a guard stopped a workspace
  5  something changed after the plan was made
  6  not authorized, or not confirmed
If several apply, the exit code is the first of these that does: 1, 6, 4, 5, 3, 2.";

#[derive(Debug, Subcommand)]
enum Command {
    Validate(validate::Validate),
    Plan(plan::Plan),
    Apply(apply::Apply),
    Show(show::Show),
    Users(users::Users),
    Log(log::Log),
    Review(review::Review),
    Snapshot(snapshot::Snapshot),
    Import(import::Import),
    Attest(attest::Attest),
    Serve(serve::Serve),
    Token(token::Token),
    CodeWord(code_word::CodeWord),
    SetUpLink(set_up_link::SetUpLink),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Prints help, or what is wrong with the arguments: clap repeats them, so it is looked through for secrets.
fn show_usage(usage: &clap::Error) {
    let text = usage.render().to_string();
    match without_secrets(&text) {
        Cow::Borrowed(_) => drop(usage.print()),
        Cow::Owned(shown) if shown == text => drop(usage.print()),
        Cow::Owned(shown) => drop(std::io::stderr().write_all(shown.as_bytes())),
    }
}

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(std::env::args_os().map(|argument| home::expanded(argument, std::env::home_dir().as_deref()))) {
        Ok(cli) => cli,
        Err(usage) => {
            show_usage(&usage);
            return if usage.use_stderr() { Exit::Error } else { Exit::Done }.into();
        }
    };
    let terminal = Terminal::new(cli.color);
    let done = match &cli.command {
        Command::Validate(validate) => validate.run(terminal),
        Command::Plan(plan) => plan.run(terminal),
        Command::Apply(apply) => apply.run(terminal),
        Command::Show(show) => show.run(terminal),
        Command::Users(users) => users.run(terminal),
        Command::Log(log) => log.run(terminal),
        Command::Review(review) => review.run(terminal),
        Command::Snapshot(snapshot) => snapshot.run(terminal),
        Command::Import(import) => import.run(terminal),
        Command::Attest(attest) => attest.run(terminal),
        Command::Serve(serve) => serve.run(terminal),
        Command::Token(token) => token.run(terminal),
        Command::CodeWord(code_word) => code_word.run(terminal),
        Command::SetUpLink(link) => link.run(terminal),
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
