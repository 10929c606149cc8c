//! The reasons why a request cannot be sent, or an answer not be understood.

use serde::{Deserialize, Serialize};

use crate::model::{Action, Email, PartialCause};

/// The reason why a request cannot be sent, or an answer not be understood; another try cannot help. `report` puts it into words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProtocolError {
    /// The answer to a question for a list is not a list.
    NotAList,
    /// The disk that has the database of an embedded workspace is full, and nothing was saved.
    DiskFull {
        /// The database file.
        file: String,
    },
    /// A resource of a list has no id.
    NoId {
        /// The path of the list.
        endpoint: String,
    },
    /// A list is not read to its end.
    ListGivenUp {
        /// The path of the list.
        endpoint: String,
        /// The number of resources that were listed.
        listed: usize,
        /// The number of pages that were read.
        pages: usize,
        /// The reason.
        why: ListEnd,
    },
    /// The log has another form.
    LogForm,
    /// The pages of the log do not end.
    EndlessLog,
    /// The list cannot be trusted, so nobody knows whether somebody has an account.
    AccountUnknown {
        /// The address.
        email: Email,
        /// The reason why the list cannot be trusted.
        why: PartialCause,
    },
    /// An address leads elsewhere than it seems to.
    OddAddress {
        /// The address.
        url: String,
    },
    /// Something is not an address.
    NotAnAddress {
        /// The text.
        url: String,
        /// The text of the library that reads addresses.
        source_text: String,
    },
    /// The address is on another host than the token is for.
    OtherHost {
        /// The address.
        url: String,
    },
    /// The request cannot be sent.
    NotSent {
        /// The text of the HTTP client.
        source_text: String,
    },
    /// The server redirects to another place.
    Redirected {
        /// The place; `None` if the server does not name it.
        target: Option<String>,
    },
    /// The answer is longer than the limit.
    AnswerTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// All answers of the run together are longer than the limit.
    AnswersTooLong {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The answer is encoded in a way that was not offered.
    Encoded {
        /// The encoding.
        encoding: String,
    },
    /// The answer is announced as JSON and is not.
    DamagedJson {
        /// The media type.
        media_type: String,
    },
    /// The answer is something else than JSON.
    NotJson {
        /// The media type; `None` if the server names none.
        media_type: Option<String>,
    },
    /// The answer to a question for a resource is something else.
    NotAResource,
    /// A resource lacks a required attribute.
    Lacks {
        /// The resource's kind.
        what: String,
        /// The missing attribute.
        missing: String,
    },
    /// A user has no address.
    NoAddress {
        /// The server's id.
        id: String,
    },
    /// The server does not have a clinic.
    UnknownClinic {
        /// Its key.
        key: String,
    },
    /// The server does not have an employee record.
    UnknownEmployee {
        /// Its key.
        key: String,
    },
    /// The value of a field has no form on the wire.
    NoWireForm {
        /// The field's YAML key.
        field: String,
    },
    /// The first password of a new account is missing.
    NoFirstPassword,
    /// The code word is missing.
    NoCodeWord,
    /// The number that confirms a block is missing.
    NoPhone,
    /// The server has no code word.
    CodeWordNotOffered,
    /// The server has no clinics, roles or employee records.
    RecordsNotOffered,
    /// The change needs PATCH, which the server does not have.
    PatchNotOffered,
    /// The change has no id to write to.
    NoIdToWrite {
        /// The kind of change.
        action: Action,
    },
    /// The change changes nothing.
    NothingToChange,
    /// The server does not say what it made.
    MadeUnseen,
    /// The server generated a passcode and did not return it.
    PasscodeUnseen,
}

/// The reason why a list is not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ListEnd {
    /// The server names a next page, although its pages have nobody new.
    NobodyNew {
        /// The number of pages that had nobody new.
        pages: usize,
    },
    /// The server lists far more than it announced.
    MoreThanAnnounced {
        /// The total that it announced.
        total: usize,
    },
    /// There are more resources than are read.
    TooMany {
        /// The number of resources that are read.
        limit: usize,
    },
    /// There are more pages than are read.
    TooManyPages,
    /// It took longer than a list may.
    TooLong,
}
