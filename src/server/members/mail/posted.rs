//! A message on its way, and how a try to send it ends.

use super::texts::Letter;

/// A message that is about to leave.
pub(super) struct Posted<'a> {
    /// The same in every try.
    pub(super) id: &'a str,
    pub(super) workspace: &'a str,
    /// The word of its kind.
    pub(super) kind: &'a str,
    pub(super) recipient: &'a str,
    pub(super) letter: &'a Letter,
    /// The time at which it was queued, epoch milliseconds.
    pub(super) queued: i64,
}

/// The outcome of a try; the texts say why, without anything of the message.
pub(super) enum Sending {
    Sent,
    /// Another try may succeed.
    Later(String),
    /// Another try ends in the same way.
    Refused(String),
    /// It may have been sent. It is not sent again, since one invitation is one mail.
    Uncertain,
}
