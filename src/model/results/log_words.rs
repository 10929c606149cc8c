//! The words of a user log, in the database, on the wire, in CSV and for people: each has its one home here, or in [`LogAction`].

use std::fmt;

use super::log_action::LogAction;
use crate::model::with_all;

/// A closed world of words.
pub trait LogTerm: Sized {
    /// Returns the word.
    fn as_str(&self) -> &str;

    /// Reads a word.
    fn find(word: &str) -> Option<Self>;
}

/// A word of a row: one of ours, or what a program of another version, or somebody else's server, wrote. Only what was read has another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogWord<T> {
    /// One of ours.
    Known(T),
    /// Another one, as it is.
    Other(String),
}

impl<T: LogTerm> LogWord<T> {
    /// Reads a word of a row.
    #[must_use]
    pub fn read(word: String) -> Self {
        match T::find(&word) {
            Some(term) => Self::Known(term),
            None => Self::Other(word),
        }
    }

    /// Returns the word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(term) => term.as_str(),
            Self::Other(word) => word,
        }
    }
}

impl<T> LogWord<T> {
    /// Returns what it means; `None` for a word that is not one of ours.
    pub const fn ours(&self) -> Option<&T> {
        match self {
            Self::Known(term) => Some(term),
            Self::Other(_) => None,
        }
    }
}

impl<T> From<T> for LogWord<T> {
    fn from(term: T) -> Self {
        Self::Known(term)
    }
}

impl<T> Default for LogWord<T> {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl<T: LogTerm> fmt::Display for LogWord<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

with_all! {
    /// The outcome of an action.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum LogResult {
        /// It was done.
        Done,
        /// It was refused.
        Denied,
    }
}

impl LogResult {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
        }
    }
}

with_all! {
    /// The kind of thing that a row is about. The kinds of resources have the names of their types in SCIM.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum LogSubject {
        /// A user.
        User,
        /// A clinic.
        Clinic,
        /// A role.
        Role,
        /// An employee record.
        Employee,
        /// A group of plain SCIM.
        Group,
        /// The workspace itself.
        Workspace,
        /// A token.
        Token,
        /// A request that was refused, where it was about nobody.
        Request,
    }
}

impl LogSubject {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Clinic => "Clinic",
            Self::Role => "Role",
            Self::Employee => "Employee",
            Self::Group => "Group",
            Self::Workspace => "Workspace",
            Self::Token => "Token",
            Self::Request => "Request",
        }
    }

    /// Returns whether it is a user.
    #[must_use]
    pub const fn is_user(self) -> bool {
        match self {
            Self::User => true,
            Self::Clinic | Self::Role | Self::Employee | Self::Group | Self::Workspace | Self::Token | Self::Request => false,
        }
    }
}

/// The way in which somebody came who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogVia {
    /// An embedded workspace, in this process.
    Embedded,
    /// A token; the word ends with its id.
    Token(String),
    /// A session of a member; the word ends with its id.
    Session(String),
    /// The pages of members, without a session.
    Web,
    /// The app, without a session.
    Ios,
    /// The command line on the server's machine.
    Console,
    /// The server's mail.
    Mail,
    /// The making of a workspace.
    Seed,
    /// The opening of the database.
    Store,
    /// The upgrade of the database.
    Upgrade,
}

impl LogVia {
    /// The ways that have no id.
    pub const WITHOUT_ID: [Self; 8] =
        [Self::Embedded, Self::Web, Self::Ios, Self::Console, Self::Mail, Self::Seed, Self::Store, Self::Upgrade];

    /// The word of the pages, and of sessions of browsers.
    pub const WEB: &'static str = "web";
    /// The word of the app, and of its sessions.
    pub const IOS: &'static str = "ios";

    const TOKEN: &'static str = "token:";
    const SESSION: &'static str = "session:";

    /// Returns the way of a token with this id.
    #[must_use]
    pub fn of_token(id: &str) -> Self {
        Self::Token(format!("{}{id}", Self::TOKEN))
    }

    /// Returns the way of a session with this id.
    #[must_use]
    pub fn of_session(id: &str) -> Self {
        Self::Session(format!("{}{id}", Self::SESSION))
    }

    /// Returns its word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Embedded => "embedded",
            Self::Token(word) | Self::Session(word) => word,
            Self::Web => Self::WEB,
            Self::Ios => Self::IOS,
            Self::Console => "console",
            Self::Mail => "mail",
            Self::Seed => "seed",
            Self::Store => "store",
            Self::Upgrade => "upgrade",
        }
    }
}

with_all! {
    /// The actor of a row where no person with a login is known.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum LogDoer {
        /// A person on the server's machine.
        Operator,
        /// This program, when it made or opened a database.
        Program,
        /// The running server.
        Server,
        /// Somebody, before they said who they are.
        Unknown,
    }
}

impl LogDoer {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Program => "rosterctl",
            Self::Server => "server",
            Self::Unknown => "unknown",
        }
    }
}

impl LogTerm for LogResult {
    fn as_str(&self) -> &str {
        (*self).as_str()
    }

    fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl LogTerm for LogSubject {
    fn as_str(&self) -> &str {
        (*self).as_str()
    }

    fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl LogTerm for LogVia {
    fn as_str(&self) -> &str {
        self.as_str()
    }

    fn find(word: &str) -> Option<Self> {
        if word.starts_with(Self::TOKEN) {
            return Some(Self::Token(word.to_owned()));
        }
        if word.starts_with(Self::SESSION) {
            return Some(Self::Session(word.to_owned()));
        }
        Self::WITHOUT_ID.into_iter().find(|one| one.as_str() == word)
    }
}

impl LogTerm for LogAction {
    fn as_str(&self) -> &str {
        (*self).as_str()
    }

    fn find(word: &str) -> Option<Self> {
        Self::all().find(|one| one.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same<T: LogTerm + PartialEq + Clone + fmt::Debug>(terms: impl IntoIterator<Item = T>) {
        for term in terms {
            let read = LogWord::<T>::read(term.as_str().to_owned());
            assert_eq!(read, LogWord::Known(term.clone()));
            assert_eq!(read.to_string(), term.as_str());
        }
    }

    #[test]
    fn each_word_is_read_as_what_it_was_written_as_and_others_stay() {
        same(LogResult::ALL);
        same(LogSubject::ALL);
        same(LogAction::all());
        same(LogVia::WITHOUT_ID.into_iter().chain([LogVia::of_token("7"), LogVia::of_session("8")]));
        assert_eq!(LogVia::of_token("7").as_str(), "token:7");
        for word in ["", "Done", "updated", "update-everything", "token", "User "] {
            assert_eq!(LogWord::<LogResult>::read(word.to_owned()), LogWord::Other(word.to_owned()));
            assert_eq!(LogWord::<LogSubject>::read(word.to_owned()).ours(), None, "{word}");
            assert_eq!(LogWord::<LogAction>::read(word.to_owned()).as_str(), word);
            assert_eq!(LogWord::<LogVia>::read(word.to_owned()), LogWord::Other(word.to_owned()));
        }
    }
}
