//! Where output goes: data to stdout, talk to stderr; colour and questions only on a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::Context as _;

use crate::report::{Form, clean};

/// When output is coloured.
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

/// In which form a plan or receipt is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Format {
    /// For people at a terminal.
    #[default]
    Text,
    /// For machines; the schemas are in `rosterctl schema`.
    Json,
    /// For a pull request comment.
    Markdown,
}

/// The terminal, or what stands in its place.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Terminal {
    color: Color,
}

#[expect(clippy::unused_self, reason = "whoever talks is handed the terminal, so that a pure function can not")]
impl Terminal {
    /// The terminal with the choice of colour made on the command line.
    #[must_use]
    pub(in crate::cli) const fn new(color: Color) -> Self {
        Self { color }
    }

    /// Whether stdout is coloured.
    #[must_use]
    pub(in crate::cli) fn colours_stdout(self) -> bool {
        self.colours(io::stdout().is_terminal())
    }

    /// Whether stderr is coloured.
    #[must_use]
    pub(in crate::cli) fn colours_stderr(self) -> bool {
        self.colours(io::stderr().is_terminal())
    }

    #[expect(clippy::disallowed_methods, reason = "the terminal's own switches, such as NO_COLOR")]
    fn colours(self, terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb"),
        }
    }

    /// The report's form for a format that goes to stdout.
    #[must_use]
    pub(in crate::cli) fn form(self, format: Format) -> Form {
        match format {
            Format::Text => Form::Text { colour: self.colours_stdout() },
            Format::Json => Form::Json,
            Format::Markdown => Form::Markdown,
        }
    }

    /// Whether somebody sits there who can be asked.
    #[must_use]
    pub(in crate::cli) fn can_ask(self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether somebody sits there who can read what is said once.
    #[must_use]
    pub(in crate::cli) fn is_watched(self) -> bool {
        io::stderr().is_terminal()
    }

    /// Prints data. A reader that went away is no error.
    ///
    /// # Errors
    /// When stdout takes no more, such as on a full disk.
    pub(in crate::cli) fn print(self, text: &str) -> anyhow::Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(why) if why.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("can not write to stdout"),
        }
    }

    /// Says something to the person, on a line of its own. Talk that can not be heard is no error.
    pub(in crate::cli) fn say(self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Says what went wrong, with what lies behind it.
    pub(in crate::cli) fn complain(self, error: &anyhow::Error) {
        let chain: Vec<String> = error.chain().map(|cause| clean_lines(&cause.to_string())).collect();
        self.say(&format!("{} {}", self.red("error:"), chain.join(": ")));
    }

    /// Says what may be wrong.
    pub(in crate::cli) fn warn(self, text: &str) {
        self.say(&format!("{} {}", self.yellow("warning:"), clean_lines(text)));
    }

    fn red(self, text: &str) -> String {
        self.styled(anstyle::AnsiColor::Red, text)
    }

    fn yellow(self, text: &str) -> String {
        self.styled(anstyle::AnsiColor::Yellow, text)
    }

    fn styled(self, color: anstyle::AnsiColor, text: &str) -> String {
        let style = color.on_default().bold();
        if self.colours_stderr() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Asks for a line.
    ///
    /// # Errors
    /// When nothing can be read.
    pub(in crate::cli) fn ask(self, question: &str) -> anyhow::Result<String> {
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{question} ");
        let _ = stderr.flush();
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer).context("can not read the answer")?;
        anyhow::ensure!(read > 0, "no answer came");
        Ok(answer.trim().to_owned())
    }
}

/// Escapes every line on its own, so that line ends of our own stay.
fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}
