//! The sentences about servers that did not do what was asked.

use crate::model::{NetworkError, RefusalNote, Scope, ServerError};

use super::protocol_error;

/// Says why a server did not do what was asked, and for how long a pause it asks.
#[must_use]
pub fn server_error(error: &ServerError) -> String {
    let said = answered(error);
    match error {
        ServerError::Busy { pause_seconds: Some(seconds), .. } => {
            format!("{said}; the server asks for a pause of {seconds} s: run again after that")
        }
        ServerError::NoAnswer(_)
        | ServerError::Busy { pause_seconds: None, .. }
        | ServerError::Changed(_)
        | ServerError::Taken
        | ServerError::Refused { .. }
        | ServerError::Forbidden { .. }
        | ServerError::NotStored { .. }
        | ServerError::Protocol(_) => said,
    }
}

/// Says why a server did not do what was asked, of something that is tried again.
#[must_use]
pub fn answered(error: &ServerError) -> String {
    match error {
        ServerError::NoAnswer(why) if why.is_given_up() => network_error(why),
        ServerError::NoAnswer(why) => format!("no answer from the server: {}", network_error(why)),
        ServerError::Busy { status, said, pause_seconds: _ } => format!("the server answered {status}: {said}"),
        ServerError::Changed(_) => "the resource changed since the plan".to_owned(),
        ServerError::Taken => "somebody else created the account since the plan".to_owned(),
        ServerError::Refused { status, scim_type, said, note } => {
            let kind = scim_type.as_deref().map(|kind| format!(" {kind}")).unwrap_or_default();
            let said = match note {
                None => said.clone(),
                Some(RefusalNote::NobodyShown) => format!(
                    "{said}; the server shows nobody with this address: look there for an account that it hides, such as an inactive one"
                ),
                Some(RefusalNote::FailsAt { keys }) => format!("{}: {said}", keys.join(", ")),
            };
            format!("the server refused ({status}{kind}): {said}")
        }
        ServerError::Forbidden { status, scope, said } => {
            let forbidden = match scope {
                Scope::Token => "not authorized",
                Scope::Request => "the server forbids this change",
                Scope::Unknown => "the server forbids this change, or every write of this token",
            };
            format!("{forbidden} ({status}): {said}")
        }
        ServerError::NotStored { keys } => format!("the server did not store {}, although it reported success", keys.join(", ")),
        ServerError::Protocol(why) => protocol_error(why),
    }
}

/// Says why no complete answer came.
#[must_use]
pub fn network_error(error: &NetworkError) -> String {
    match error {
        NetworkError::NotReached { server, seconds } => format!("cannot reach {server} within {seconds} s"),
        NetworkError::ConnectionRefused { server } => format!("cannot reach {server}: connection refused; is the server running?"),
        NetworkError::NoConnection { server, source_text } => format!("cannot reach {server}: {source_text}"),
        NetworkError::NotAnswered { server, seconds } => format!("{server} did not answer within {seconds} s"),
        NetworkError::NotAsked { server, seconds } => format!(
            "{server} was not asked, since this run had waited {seconds} s for servers that did not answer: run again for this workspace alone, \
             with `--workspace`"
        ),
        NetworkError::NotFinished { server, seconds } => format!("{server} did not finish its answer within {seconds} s"),
        NetworkError::Lost { server, source_text } => format!("the connection to {server} was lost: {source_text}"),
        NetworkError::InProcess { source_text } => source_text.clone(),
    }
}
