//! The places where output goes: data to stdout, messages to stderr. Color and questions appear only on a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::Context as _;

use crate::report::{Format, Width, clean, of_system};
use crate::yaml::without_secrets;

/// When output is colored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The format in which a plan or receipt is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum FormatOption {
    /// For people at a terminal.
    #[default]
    Text,
    /// For machines; the schemas are in `rosterctl schema`.
    Json,
    /// For a pull request comment.
    Markdown,
    /// Steps for a person, each with a box to tick, for a product without an interface; as Markdown.
    Runbook,
    /// One page for a browser, without a network: the steps, with values to copy and boxes to tick.
    Html,
}

impl FormatOption {
    /// Returns whether people read it at a terminal.
    pub(in crate::cli) const fn is_text(self) -> bool {
        match self {
            Self::Text => true,
            Self::Json | Self::Markdown | Self::Runbook | Self::Html => false,
        }
    }

    /// Returns whether it is a runbook as Markdown.
    pub(in crate::cli) const fn is_runbook(self) -> bool {
        match self {
            Self::Runbook => true,
            Self::Text | Self::Json | Self::Markdown | Self::Html => false,
        }
    }
}

/// The terminal, or the streams that replace it.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Terminal {
    color: Color,
}

#[expect(clippy::unused_self, reason = "only code that is given the terminal can print, so a pure function cannot")]
impl Terminal {
    /// Makes a terminal with the color choice from the command line.
    #[must_use]
    pub(in crate::cli) const fn new(color: Color) -> Self {
        Self { color }
    }

    /// Returns whether stdout is colored.
    #[must_use]
    pub(in crate::cli) fn colors_stdout(self) -> bool {
        self.colors(io::stdout().is_terminal())
    }

    /// Returns whether stderr is colored.
    #[must_use]
    pub(in crate::cli) fn colors_stderr(self) -> bool {
        self.colors(io::stderr().is_terminal())
    }

    #[expect(clippy::disallowed_methods, reason = "the terminal's own switches, such as NO_COLOR")]
    fn colors(self, terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb"),
        }
    }

    /// Returns how wide lines are: at a terminal, as wide as it is, or as `COLUMNS` says.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the terminal's own switch, like NO_COLOR")]
    pub(in crate::cli) fn width(self) -> Width {
        let own = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok()).filter(|columns| *columns > 0);
        columns.or_else(own).filter(|_| io::stdout().is_terminal()).map_or(Width::OF_FILES, Width::of_terminal)
    }

    /// Returns the report's form for a format that goes to stdout.
    #[must_use]
    pub(in crate::cli) fn form(self, format: FormatOption) -> Format {
        match format {
            FormatOption::Text => Format::Text { color: self.colors_stdout(), width: self.width() },
            FormatOption::Json => Format::Json,
            FormatOption::Markdown => Format::Markdown,
            FormatOption::Runbook => Format::Runbook,
            FormatOption::Html => Format::Html,
        }
    }

    /// Returns whether a person can be asked.
    #[must_use]
    pub(in crate::cli) fn can_ask(self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Returns whether a person reads stderr, so that a secret can be shown there once.
    #[must_use]
    pub(in crate::cli) fn is_watched(self) -> bool {
        io::stderr().is_terminal()
    }

    /// Prints data. A closed pipe is not an error.
    ///
    /// # Errors
    /// Fails if stdout cannot be written, such as on a full disk.
    pub(in crate::cli) fn print(self, text: &str) -> anyhow::Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("cannot write to stdout"),
        }
    }

    /// Prints a message on a line of its own. It is not an error if stderr is closed.
    pub(in crate::cli) fn say(self, text: &str) {
        let _ = self.is_said(text);
    }

    /// Prints a message on a line of its own, and returns whether stderr took it.
    pub(in crate::cli) fn is_said(self, text: &str) -> bool {
        writeln!(io::stderr().lock(), "{text}").is_ok()
    }

    /// Prints an error with its causes.
    pub(in crate::cli) fn complain(self, error: &anyhow::Error) {
        let chain: Vec<String> = error.chain().map(|cause| clean_lines(&without_secrets(&cause_text(cause)))).collect();
        self.say(&format!("{} {}", self.red("error:"), chain.join(": ")));
    }

    /// Says what may be wrong.
    pub(in crate::cli) fn warn(self, text: &str) {
        self.say(&format!("{} {}", self.yellow("warning:"), clean_lines(&without_secrets(text))));
    }

    fn red(self, text: &str) -> String {
        self.styled(anstyle::AnsiColor::Red, text)
    }

    fn yellow(self, text: &str) -> String {
        self.styled(anstyle::AnsiColor::Yellow, text)
    }

    fn styled(self, color: anstyle::AnsiColor, text: &str) -> String {
        let style = color.on_default().bold();
        if self.colors_stderr() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Asks a question and reads one line.
    ///
    /// # Errors
    /// Fails if no answer can be read.
    pub(in crate::cli) fn ask(self, question: &str) -> anyhow::Result<String> {
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{question} ");
        let _ = stderr.flush();
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer).context("cannot read the answer")?;
        anyhow::ensure!(read > 0, "there was no answer");
        Ok(answer.trim().to_owned())
    }
}

/// Returns the text of a cause.
fn cause_text(cause: &(dyn std::error::Error + 'static)) -> String {
    let of_system = cause.downcast_ref::<io::Error>().filter(|why| why.raw_os_error().is_some()).map(of_system);
    of_system.unwrap_or_else(|| cause.to_string())
}

/// Escapes each line separately, so that our own line breaks are kept.
fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_system_is_shown_without_its_number() {
        let missing = std::fs::read("no-such-file").unwrap_err();
        assert!(missing.to_string().ends_with("(os error 2)"));
        assert_eq!(cause_text(&missing), "No such file or directory");
        assert_eq!(cause_text(&io::Error::other("its end is missing (os error 2)")), "its end is missing (os error 2)");
    }
}
