//! The content of a report, before it is rendered: parts, sections, entries and lines. All text in it is safe to show.

/// A whole report.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// One part for each workspace.
    pub parts: Vec<Part>,
    /// The table of counts: name, then one number for each of `columns`.
    pub counts: Vec<(String, Vec<usize>)>,
    /// The heads of the counts.
    pub columns: Vec<String>,
    /// The last words, most important first.
    pub summary: Vec<String>,
}

/// The report on one workspace.
#[derive(Debug)]
pub(super) struct Part {
    /// The workspace and its platform.
    pub title: String,
    /// One sentence about its state.
    pub lead: String,
    /// The sections, in reading order; empty ones are left out.
    pub sections: Vec<Section>,
}

/// Entries of one kind.
#[derive(Debug)]
pub(super) struct Section {
    /// What they have in common.
    pub heading: String,
    /// How much attention it asks for.
    pub tone: Tone,
    /// Whether it may be folded away where the form can fold.
    pub folds: bool,
    /// The entries; never empty.
    pub entries: Vec<Entry>,
}

/// How much attention something asks for. Meaning never rests on it alone: headings and marks say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Needs a careful look.
    Alarm,
    /// Something does not match.
    Caution,
    /// Ordinary.
    Plain,
    /// Something succeeded, or is added.
    Good,
}

/// One thing said about one subject.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its sign.
    pub mark: Mark,
    /// The person or thing it is about.
    pub title: String,
    /// The text below the title.
    pub lines: Vec<Line>,
}

/// The sign before an entry; the legend explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Something is added.
    Adds,
    /// Something becomes different.
    Changes,
    /// Something is removed.
    TakesAway,
    /// Needs a careful look.
    Risk,
    /// It cannot be done.
    Refused,
    /// It was not done.
    NotDone,
    /// For information only.
    Note,
}

impl Mark {
    /// The character.
    pub(super) const fn sign(self) -> char {
        match self {
            Self::Adds => '+',
            Self::Changes => '~',
            Self::TakesAway => '-',
            Self::Risk => '!',
            Self::Refused | Self::NotDone => 'x',
            Self::Note => '*',
        }
    }

    /// Its meaning, for the legend.
    pub(super) const fn meaning(self) -> &'static str {
        match self {
            Self::Adds => "adds",
            Self::Changes => "changes",
            Self::TakesAway => "takes away",
            Self::Risk => "check carefully",
            Self::Refused => "refused",
            Self::NotDone => "not done",
            Self::Note => "note",
        }
    }
}

/// One line of an entry.
#[derive(Debug)]
pub(super) enum Line {
    /// An action and why.
    Head(String),
    /// A sentence.
    Text(String),
    /// A label and the text beside it.
    Pair(String, String),
    /// A longer text before and after, line by line: `-`, `+` or a space, and the line.
    Diff(String, Vec<(char, String)>),
    /// Lines to be copied as they are.
    Paste(Vec<String>),
}

impl Part {
    /// Adds a section, unless it has no entries.
    pub(super) fn section(&mut self, heading: impl Into<String>, tone: Tone, folds: bool, entries: Vec<Entry>) {
        if !entries.is_empty() {
            self.sections.push(Section { heading: heading.into(), tone, folds, entries });
        }
    }
}
