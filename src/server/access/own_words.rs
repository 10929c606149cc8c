//! The part of a refusal that the user log keeps: nothing can be removed from it, so no word of the client is kept.

use std::borrow::Cow;

use uuid::Uuid;

use crate::model::Action;
use crate::scim::{ScimError, ScimType};
use crate::server::request::RequestHead;
use crate::server::route;

/// Returns the reason of a refusal: the part of its sentence that repeats nothing, else the kind of the mistake.
pub(in crate::server) fn kept(why: &ScimError) -> Cow<'_, str> {
    match (why.detail.kept(), why.scim_type) {
        (Some(own), _) => own.into(),
        (None, Some(kind)) => of_kind(kind).into(),
        (None, None) => of_status(why.status).into(),
    }
}

/// Returns the path of a request with the ids and actions that this server makes; of any other variable part, only that there was one.
pub(in crate::server) fn path(note: &RequestHead) -> String {
    let is_ours = |part: &str| {
        route::is_token(part) || Uuid::parse_str(part).is_ok() || Action::ALL.into_iter().any(|action| action.as_str() == part)
    };
    let below = note.path.strip_prefix('/').and_then(|rest| rest.split_once('/'));
    let Some((workspace, below)) = below else { return note.path.clone() };
    let Some(route) = note.route else {
        // The path of a page has a name in braces in place of the token.
        let is_page = route::is_page(below);
        return if is_page { note.path.clone() } else { format!("/{workspace}/…") };
    };
    let template = route.path.trim_start_matches('/').split('/');
    let shown = |(known, part)| if str::starts_with(known, '{') && !is_ours(part) { "…" } else { part };
    let parts: Vec<&str> = template.zip(below.split('/')).map(shown).collect();
    format!("/{workspace}/{}", parts.join("/"))
}

const fn of_kind(kind: ScimType) -> &'static str {
    match kind {
        ScimType::InvalidFilter => "the filter is wrong",
        ScimType::TooMany => "there are too many results",
        ScimType::Uniqueness => "a value is already in use",
        ScimType::Mutability => "the attribute cannot be changed",
        ScimType::InvalidSyntax => "the request does not fit its schema",
        ScimType::InvalidPath => "the path does not name an attribute",
        ScimType::NoTarget => "the path does not match a value",
        ScimType::InvalidValue => "a value is wrong",
        ScimType::InvalidVers => "the version of the protocol is not supported",
        ScimType::Sensitive => "the address has something that must not be in it",
        ScimType::InvalidCursor | ScimType::ExpiredCursor | ScimType::InvalidCount => "the cursor is wrong",
    }
}

const fn of_status(status: u16) -> &'static str {
    match status {
        404 => "the resource does not exist",
        _ => "the request is wrong",
    }
}
