//! The workspace's code word (PBN-5): it is set or compared here, never returned and never logged.

use std::collections::BTreeSet;

use axum::response::Response;
use futures::FutureExt;
use serde_json::{Map, json};
use subtle::ConstantTimeEq;

use crate::members::read_code_word;
use crate::model::{Action, DAY, LogSubject, Secret};
use crate::platform::check_code_word;
use crate::report::sentences;
use crate::scim::{ScimError, own};
use crate::server::App;
use crate::server::AttributeChanges;
use crate::server::Door;
use crate::server::InProcessCaller;
use crate::server::ServerState;
use crate::server::answer;
use crate::server::auth::Caller;
use crate::server::call::Call;
use crate::server::denial;
use crate::server::denial::LoggedEvent;
use crate::server::denial::Who;
use crate::server::failure::Failure;
use crate::server::hashing::sha256;
use crate::server::metrics::RefusalKind;
use crate::server::request;
use crate::server::request::RequestHead;
use crate::server::scim::refusal;
use crate::server::workspace::Workspace;
use crate::server::write;
use crate::server::write::WriteResult;
use crate::store::wrong_answers::{self, GuessedAt, WrongAnswer};
use crate::store::{Answered, Writing, log, workspaces};
use crate::workspace::{Compared, compare_word};

/// `POST /{workspace}/api/v1/code-word`.
pub(in crate::server) async fn set(mut call: Call) -> Response {
    let read = async {
        let bytes = call.bytes().await?;
        let word = word(&call.caller, &bytes, false)?;
        Ok::<_, Failure>((bytes, word))
    };
    let (bytes, word) = match read.await {
        Ok(read) => read,
        Err(why) => return answer::failure(&why, &call.note.request_id),
    };
    write::perform(&call.server, call.caller, call.note, bytes, move |writing, task| {
        async move {
            let name = &task.caller.workspace.name;
            let before = workspaces::code_word(&mut writing.conn, task.server.store.vault(), name).await?;
            let answer = Answered {
                status: 200,
                location: None,
                etag: None,
                body: Some(Map::from_iter([("set".to_owned(), json!(true))])),
                shows: None,
            };
            if before.is_some_and(|known| same(known.expose(), word.expose())) {
                return Ok(WriteResult { answer, event: None, passcode: None });
            }
            workspaces::set_code_word(&mut writing.conn, task.server.store.vault(), name, &word).await?;
            let event = LoggedEvent {
                action: Action::SetCodeWord.into(),
                kind: LogSubject::Workspace,
                id: None,
                name: Some(name.clone()),
                detail: None,
                changes: AttributeChanges::default(),
            };
            Ok(WriteResult { answer, event: Some(event), passcode: None })
        }
        .boxed()
    })
    .await
}

/// `POST /{workspace}/api/v1/code-word/verify`: open to every token, and so counted, in the workspace's lock.
pub(in crate::server) async fn verify(mut call: Call) -> Response {
    let request_id = call.note.request_id.clone();
    let compared = async {
        let bytes = call.bytes().await?;
        let word = word(&call.caller, &bytes, true)?;
        let (caller, note, server) = (call.caller, call.note.clone(), call.server);
        let inside = App::clone(&server);
        let name = caller.workspace.name.clone();
        server.write(&name, move |writing| async move { compare(writing, &inside, &caller, &note, &word).await }.boxed()).await
    };
    match compared.await {
        Ok(matches) => answer::json(200, &json!({ "matches": matches })),
        Err(why) => answer::failure(&why, &request_id),
    }
}

/// Compares a word, and counts and logs a wrong one that was not counted today. The word is in no row.
async fn compare(writing: &mut Writing, server: &ServerState, caller: &Caller, note: &RequestHead, word: &Secret) -> Result<bool, Failure> {
    match &server.door {
        Door::Tokens | Door::Embedded { acting: InProcessCaller::Login(_), .. } => {
            compare_as(writing, server, &caller.workspace, (caller.who(), EVERY_TOKEN), note, word).await
        }
        // A run on this machine, which can read the word itself, guesses at nothing.
        Door::Embedded { acting: InProcessCaller::MainAdmin(_), .. } => {
            let known = workspaces::code_word(&mut writing.conn, server.store.vault(), &caller.workspace.name).await?;
            Ok(known.is_some_and(|known| same(known.expose(), word.expose())))
        }
    }
}

/// Wrong words of all tokens of a workspace are one count.
const EVERY_TOKEN: &str = "";

/// Compares a word that somebody typed, who may be a member with a link and no session yet. Each link has a count of its own, or one of them
/// could lock out all others, and the tokens.
pub(in crate::server) async fn compare_as(
    writing: &mut Writing,
    server: &ServerState,
    workspace: &Workspace,
    (who, link): (Who<'_>, &str),
    note: &RequestHead,
    word: &Secret,
) -> Result<bool, Failure> {
    let (name, now) = (&workspace.name, server.store.now());
    // Where no word is set, there is nothing to guess at.
    let Some(known) = workspaces::code_word(&mut writing.conn, server.store.vault(), name).await? else { return Ok(false) };
    // A program has the word as it was set; people have heard it.
    let (known, word) =
        if link == EVERY_TOKEN { (known, word.clone()) } else { (read_code_word(known.expose()), read_code_word(word.expose())) };
    let mark_of = |word: &str| server.store.seal(&sha256(&[b"code-word", word.as_bytes()]));
    let (since, until) = today(&workspace.time_zone, now);
    let wrong = wrong_answers::since(&mut writing.conn, name, GuessedAt::CodeWord, link, since).await?;
    // A word that was compared before it was set was no guess either.
    let right = mark_of(known.expose());
    let wrong: BTreeSet<String> = wrong.into_iter().map(|wrong| wrong.mark).filter(|mark| *mark != right).collect();
    let (mark, matches) = (mark_of(word.expose()), same(known.expose(), word.expose()));
    let compared = compare_word(matches, &mark, &wrong, until.saturating_sub(now)).map_err(|why| refusal::failure(workspace, &why))?;
    match compared {
        Compared::Matches => Ok(true),
        Compared::Differs => Ok(false),
        Compared::DiffersAnew => {
            wrong_answers::keep(&mut writing.conn, name, GuessedAt::CodeWord, link, &WrongAnswer { mark, at: now }).await?;
            server.settings.metrics.refused(RefusalKind::WrongAnswer);
            let counted = if link == EVERY_TOKEN { "of today" } else { "of today with this link" };
            let detail = format!("a wrong code word, number {} {counted}", wrong.len() + 1);
            log::append(&mut writing.conn, name, &denial::row(who, note, &detail), now).await?;
            Ok(false)
        }
    }
}

/// Begin and end of the day in a workspace's time zone, epoch milliseconds.
fn today(zone: &str, now: i64) -> (i64, i64) {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let begin = jiff::Timestamp::from_millisecond(now).ok().and_then(|at| at.to_zoned(zone).start_of_day().ok());
    match begin {
        Some(begin) => {
            let end = begin.tomorrow().map_or_else(|_| now.saturating_add(DAY), |end| end.timestamp().as_millisecond());
            (begin.timestamp().as_millisecond(), end)
        }
        None => (now.saturating_sub(DAY), now.saturating_add(DAY)),
    }
}

fn word(caller: &Caller, bytes: &[u8], is_compared: bool) -> Result<Secret, Failure> {
    if caller.workspace.catalog().code_word.is_none() {
        return Err(ScimError::new(404, "this workspace has no code word").into());
    }
    let body = request::object(bytes)?;
    if body.get("codeWord").is_none_or(serde_json::Value::is_null) {
        return Err(Failure::value("`codeWord` is missing: give the word"));
    }
    let word = body.get("codeWord").and_then(serde_json::Value::as_str).map(str::trim).unwrap_or_default();
    // A word that was set with something around it can still be compared.
    let fault = check_code_word(word, None).filter(|fault| !(is_compared && fault.is_around()));
    if let Some(fault) = fault {
        return Err(Failure::value(own!("`codeWord` cannot be used: {}", sentences::code_word(fault))));
    }
    Ok(Secret::new(word.to_owned()))
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
