//! The sentences about requests that cannot be sent, and answers that cannot be understood.

use crate::model::{ListEnd, ProtocolError, grouped};

use crate::report::sentences::lists::partial;

/// Says why a request cannot be sent, or an answer not be understood.
#[must_use]
pub fn protocol_error(error: &ProtocolError) -> String {
    let said = match error {
        ProtocolError::NotAList => "the server did not send a list: is the address a SCIM base URL?",
        ProtocolError::DiskFull { file } => {
            return format!("the disk that has the database `{file}` is full, and nothing was saved: make room on it, then run again");
        }
        ProtocolError::NoId { endpoint } => return format!("a resource of {endpoint} has no id: is the address a SCIM base URL?"),
        ProtocolError::ListGivenUp { endpoint, listed, pages, why } => return given_up(endpoint, *listed, *pages, *why),
        ProtocolError::LogForm => "the server's log cannot be read: a page of it has another form",
        ProtocolError::EndlessLog => "the server's log cannot be read: its pages do not end",
        ProtocolError::AccountUnknown { email, why } => {
            return format!("cannot find out whether {email} has an account, {}: plan again", partial(why));
        }
        ProtocolError::OddAddress { url } => {
            return format!("{url} would be another address than it looks like: the server has given an id that no path can have");
        }
        ProtocolError::NotAnAddress { url, source_text } => return format!("{url} is not an address: {source_text}"),
        ProtocolError::OtherHost { url } => return format!("{url} is a different host: the token is not sent there"),
        ProtocolError::NotSent { source_text } => return source_text.clone(),
        ProtocolError::Redirected { target } => {
            let target = target.as_deref().unwrap_or("an unnamed place");
            return format!("the server redirects to {target}, and the token is not sent there: write the correct address under `url`");
        }
        ProtocolError::AnswerTooLong { limit } => return format!("the answer is longer than {limit} bytes"),
        ProtocolError::AnswersTooLong { limit } => {
            return format!("the answers of this run are longer than {limit} bytes together: choose workspaces with `--workspace`");
        }
        ProtocolError::Encoded { encoding } => {
            return format!("the server's answer is encoded as {encoding}, although only gzip was offered");
        }
        ProtocolError::DamagedJson { media_type } => {
            return format!("the server's answer is not valid JSON, although it is announced as {media_type}: it is damaged or cut off");
        }
        ProtocolError::NotJson { media_type } => {
            let media_type = media_type.as_deref().unwrap_or("something without a type");
            return format!("the server answered {media_type} instead of JSON: is the address a SCIM base URL?");
        }
        ProtocolError::NotAResource => "the server sent something else instead of a resource",
        ProtocolError::Lacks { what, missing } => {
            return format!(
                "the server sent a {what} without `{missing}`: it is not a SCIM server, or it hides attributes from this token"
            );
        }
        ProtocolError::NoAddress { id } => {
            return format!("user `{id}` has no e-mail address as `userName` or in `emails`, so nobody can know whose account it is");
        }
        ProtocolError::UnknownClinic { key } => return format!("clinic `{key}` is not in the workspace: create it first"),
        ProtocolError::UnknownEmployee { key } => return format!("employee `{key}` is not in the workspace: create the record first"),
        ProtocolError::NoWireForm { field } => return format!("SCIM cannot carry this value of `{field}`"),
        ProtocolError::NoFirstPassword => "the initial password is missing: check where the roster says to find it",
        ProtocolError::NoCodeWord => "the code word is not known: check its source in the roster",
        ProtocolError::NoPhone => "blocking must be confirmed with the acting admin's own phone number, and none was given",
        ProtocolError::CodeWordNotOffered => "the server has no code word",
        ProtocolError::RecordsNotOffered => "the server has no such resources",
        ProtocolError::PatchNotOffered => "the change needs PATCH, which the server does not have",
        ProtocolError::NoIdToWrite { action } => return format!("{} has no id to write to: plan again", action.as_str()),
        ProtocolError::NothingToChange => "nothing to change",
        ProtocolError::MadeUnseen => "the server does not say what it made: plan again",
        ProtocolError::PasscodeUnseen => {
            "the server generated a passcode and did not return it: let the roster renew it with `passcode: { renew: TIME }`"
        }
    };
    said.to_owned()
}

/// Says why a list is not read to its end, and what to do.
fn given_up(endpoint: &str, listed: usize, pages: usize, why: ListEnd) -> String {
    let what = endpoint.trim_start_matches('/').to_lowercase();
    let (all, so_many) = (grouped(listed), grouped(pages));
    let found = match why {
        ListEnd::NobodyNew { pages } => {
            let these = if pages == 1 { "this one".to_owned() } else { format!("the last {pages}") };
            format!("does not end: {all} {what} after {so_many} pages, and the server names a next page although nobody on {these} is new")
        }
        ListEnd::MoreThanAnnounced { total } => {
            format!("does not end: the server announced {} {what} and lists {all}, so it is not read further", grouped(total))
        }
        ListEnd::TooMany { limit } => {
            format!("is too long: {all} {what} on {so_many} pages were read, and at most {} are", grouped(limit))
        }
        ListEnd::TooManyPages => format!("is too long: {so_many} pages, with {all} {what}, were read, and it goes on"),
        ListEnd::TooLong => format!("takes too long: {so_many} pages, with {all} {what}, were read, and it goes on"),
    };
    format!(
        "{endpoint} {found}; ask the vendor of the server how this list ends, or give rosterctl a list that the product exports, with \
         `rosterctl snapshot`"
    )
}
