//! The content of a report, before it is rendered: parts, sections, entries and lines. All text in it is safe to show.

use crate::model::with_all;

/// A whole report.
#[derive(Debug, Default)]
pub(in crate::report) struct Outline {
    /// One part for each workspace.
    pub parts: Vec<Part>,
    /// The table of counts: name, then one number for each of `columns`.
    pub counts: Vec<(String, Vec<usize>)>,
    /// The headings of the columns.
    pub columns: Vec<String>,
    /// The closing sentences, most important first.
    pub summary: Vec<String>,
}

/// The report on one workspace.
#[derive(Debug)]
pub(in crate::report) struct Part {
    /// The workspace and its platform.
    pub title: String,
    /// One sentence about its state.
    pub lead: String,
    /// The sections, in reading order, without empty ones.
    pub sections: Vec<Section>,
}

/// Entries of one kind.
#[derive(Debug)]
pub(in crate::report) struct Section {
    /// The heading.
    pub heading: String,
    /// The attention that it needs.
    pub tone: Tone,
    /// Says whether it can be folded, in formats that can fold.
    pub folds: bool,
    /// The entries; never empty.
    pub entries: Vec<Entry>,
}

/// The attention that something needs. It never carries meaning alone: headings and marks say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Tone {
    /// It needs a careful look.
    Alarm,
    /// It does not match.
    Caution,
    /// It is ordinary.
    Plain,
    /// It succeeded, or is added.
    Good,
}

impl Tone {
    /// Returns whether nothing needs attention.
    pub(in crate::report) const fn is_plain(self) -> bool {
        match self {
            Self::Plain => true,
            Self::Alarm | Self::Caution | Self::Good => false,
        }
    }
}

/// An entry about one person or thing.
#[derive(Debug)]
pub(in crate::report) struct Entry {
    /// Its sign.
    pub mark: EntrySign,
    /// The person or thing it is about.
    pub title: String,
    /// The text below the title.
    pub lines: Vec<Line>,
}

with_all! {
    /// The sign before an entry; the legend explains it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::report) enum EntrySign {
        /// Something is added.
        Adds,
        /// Something changes.
        Changes,
        /// Something is removed.
        TakesAway,
        /// It needs a careful look.
        Risk,
        /// It cannot be done.
        Refused,
        /// It was not done.
        NotDone,
        /// For information only.
        Note,
    }
}

impl EntrySign {
    /// Returns whether something is added.
    pub(in crate::report) const fn is_added(self) -> bool {
        match self {
            Self::Adds => true,
            Self::Changes | Self::TakesAway | Self::Risk | Self::Refused | Self::NotDone | Self::Note => false,
        }
    }

    /// Returns the character.
    pub(in crate::report) const fn sign(self) -> char {
        match self {
            Self::Adds => '+',
            Self::Changes => '~',
            Self::TakesAway => '-',
            Self::Risk => '!',
            Self::Refused | Self::NotDone => 'x',
            Self::Note => '*',
        }
    }

    /// Returns its meaning, for the legend.
    pub(in crate::report) const fn meaning(self) -> &'static str {
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
pub(in crate::report) enum Line {
    /// An action and its reason.
    Head(String),
    /// A sentence.
    Text(String),
    /// A label and its text.
    Pair(String, String),
    /// A longer text before and after, line by line: `-`, `+` or a space, and the line.
    Diff(String, Vec<(char, String)>),
    /// Lines to be copied as they are.
    Paste(Vec<String>),
}

impl Line {
    /// Returns the label of a text that has one.
    pub(in crate::report) fn label(&self) -> Option<&str> {
        match self {
            Self::Pair(label, _) => Some(label),
            Self::Head(_) | Self::Text(_) | Self::Diff(..) | Self::Paste(_) => None,
        }
    }

    /// The text of an action and its reason.
    pub(in crate::report) fn head_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Head(text) => Some(text),
            Self::Text(_) | Self::Pair(..) | Self::Diff(..) | Self::Paste(_) => None,
        }
    }

    /// Returns whether it begins what there is to say of a change.
    pub(in crate::report) const fn is_head(&self) -> bool {
        match self {
            Self::Head(_) => true,
            Self::Text(_) | Self::Pair(..) | Self::Diff(..) | Self::Paste(_) => false,
        }
    }
}

impl Part {
    /// Adds a section, unless it has no entries.
    pub(in crate::report) fn section(&mut self, heading: impl Into<String>, tone: Tone, folds: bool, entries: Vec<Entry>) {
        if !entries.is_empty() {
            self.sections.push(Section { heading: heading.into(), tone, folds, entries });
        }
    }
}
