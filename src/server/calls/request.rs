//! The parts of a request besides its body: its id, its keys, the plan it belongs to.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};

use crate::model::scim_address;
use crate::scim::{Explanation, MEDIA_TYPE, ScimError, own, write_headers};
use crate::server::App;
use crate::server::failure::Failure;
use crate::server::ids;
use crate::server::route::{self, Route, Taken};
use crate::store::ResourceKind;

/// The longest body, in bytes.
pub(in crate::server) const MOST_BODY: usize = 1024 * 1024;
/// The longest time for a whole body, and for its next bytes: a client that sends nothing more must not keep the server from stopping.
const WHOLE_BODY: Duration = Duration::from_secs(30);
const NEXT_BYTES: Duration = Duration::from_secs(10);
/// The deepest JSON may nest: twice what any resource needs.
const DEEPEST_JSON: usize = 16;

/// The longest key of a request, in characters.
const LONGEST_KEY: usize = 256;
/// So many bytes a percent-encoded character has at most.
const ESCAPED: usize = 4 * 3;
/// So many characters of a media type are shown to a client that sent another one.
const LONGEST_SHOWN: usize = 100;
/// The longest list of entity tags, in characters.
const LONGEST_TAGS: usize = 1024;

/// A header that was sent but is unusable: it is empty, too long, or contains other characters than plain ASCII.
#[derive(Clone, Copy, Debug)]
pub(in crate::server) struct UnusableHeader;

/// The parts of a request besides its body.
#[derive(Clone)]
pub(in crate::server) struct RequestHead {
    pub(in crate::server) request_id: String,
    idempotency_key: Option<Result<String, UnusableHeader>>,
    /// A list of entity tags; one that is unfit names none.
    pub(in crate::server) if_match: Option<String>,
    /// As `if_match`.
    pub(in crate::server) if_none_match: Option<String>,
    pub(in crate::server) plan: Option<String>,
    pub(in crate::server) approver: Option<String>,
    pub(in crate::server) commit: Option<String>,
    /// The beginning of locations: scheme, host, workspace and version, no slash at the end.
    pub(in crate::server) base: String,
    pub(in crate::server) method: String,
    /// The path, without the token of a link.
    pub(in crate::server) path: String,
    /// The part of the URL after the question mark.
    pub(in crate::server) query: String,
    /// `None` where path or method is unknown.
    pub(in crate::server) route: Option<&'static Route>,
    /// The variable parts of the path by their names in the table of routes.
    named: Arc<[(String, String)]>,
    /// The login that a request for a new account gives, once its body was read.
    login: Arc<OnceLock<String>>,
}

impl RequestHead {
    pub(in crate::server) async fn read(parts: &mut Parts, server: &App, workspace: &str) -> Self {
        // A part that is not UTF-8 names nothing; what looks it up says so.
        let named = RawPathParams::from_request_parts(parts, server).await;
        let named = named.iter().flatten().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let text = |name: &str, most: usize| plain(&parts.headers, name, most);
        let scheme = if server.settings.is_encrypted { "https" } else { "http" };
        let origin = server.settings.public_url.clone().or_else(|| host(scheme, &parts.headers)).unwrap_or_default();
        Self {
            request_id: ids::new_id(server.store.now()),
            idempotency_key: whole(&parts.headers, write_headers::IDEMPOTENCY_KEY, LONGEST_KEY),
            // A condition that was sent and cannot be met differs from one that was not sent (RFC 9110 section 13.1.1).
            if_match: whole(&parts.headers, "if-match", LONGEST_TAGS).map(Result::unwrap_or_default),
            if_none_match: whole(&parts.headers, "if-none-match", LONGEST_TAGS).map(Result::unwrap_or_default),
            plan: text(write_headers::PLAN, 128),
            approver: text(write_headers::APPROVER, ESCAPED * write_headers::MOST_CHARACTERS)
                .and_then(|name| decoded(&name, write_headers::MOST_CHARACTERS)),
            commit: text(write_headers::COMMIT, write_headers::MOST_CHARACTERS),
            base: scim_address(&origin, workspace),
            method: parts.method.as_str().to_owned(),
            path: route::shown(parts.uri.path()).into_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            route: parts.extensions.get::<Taken>().map(|taken| taken.0),
            named,
            login: Arc::default(),
        }
    }

    /// Keeps the login of the person whom a request is about, for the user log.
    pub(in crate::server) fn is_about(&self, login: Option<&str>) {
        if let Some(login) = login.map(str::trim).filter(|login| !login.is_empty()) {
            let _ = self.login.set(login.to_owned());
        }
    }

    /// The login of the person whom a request for a new account is about.
    pub(in crate::server) fn login(&self) -> Option<&str> {
        self.login.get().map(String::as_str)
    }

    /// A variable part of the path by its name in the table of routes, such as `id` in `/Users/{id}`.
    pub(in crate::server) fn part(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The id of the account that the path names.
    pub(in crate::server) fn user_id(&self) -> Option<&str> {
        self.route.filter(|route| route.shows.is_some_and(ResourceKind::is_user))?;
        self.part("id")
    }

    /// The key under which the answer is kept, where there is one.
    pub(in crate::server) fn key(&self) -> Result<Option<&str>, Failure> {
        let unfit = |_| Failure::value(own!("`Idempotency-Key` must have 1 to {LONGEST_KEY} plain ASCII characters"));
        self.idempotency_key.as_ref().map(|key| key.as_deref().map_err(unfit)).transpose()
    }
}

/// A header's whole text, its lines joined to one list; never cut, since two texts that differ behind the cut would be one.
fn whole(headers: &HeaderMap, name: &str, most: usize) -> Option<Result<String, UnusableHeader>> {
    let lines: Vec<&[u8]> = headers.get_all(name).iter().map(|line| line.as_bytes().trim_ascii()).collect();
    if lines.is_empty() {
        return None;
    }
    let text = lines.join(&b", "[..]);
    let fits = (1..=most).contains(&text.len()) && text.iter().all(|b| matches!(b, b' '..=b'~'));
    Some(String::from_utf8(text).ok().filter(|_| fits).ok_or(UnusableHeader))
}

/// A header's text without control characters, so that one event stays one line (K4).
fn plain(headers: &HeaderMap, name: &str, most: usize) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    let kept: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    (!kept.is_empty()).then_some(kept)
}

/// A name that can be in any script, without its escapes. A name that older clients sent without escapes stays as it is.
fn decoded(name: &str, most: usize) -> Option<String> {
    let text = percent_decode_str(name).decode_utf8().unwrap_or(Cow::Borrowed(name));
    let kept: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    (!kept.trim().is_empty()).then_some(kept)
}

/// The origin the client reached us under, where its host header looks like one.
fn host(scheme: &str, headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let fits = !host.is_empty() && host.len() <= 255 && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]_".contains(&b));
    fits.then(|| format!("{scheme}://{host}"))
}

/// The body, where it is not too long and not compressed.
pub(in crate::server) async fn bytes(headers: &HeaderMap, body: Body) -> Result<Bytes, Failure> {
    if let Some(coding) = headers.get(header::CONTENT_ENCODING)
        && !coding.as_bytes().eq_ignore_ascii_case(b"identity")
    {
        return Err(ScimError::new(415, "compressed bodies are not supported: send the body uncompressed").into());
    }
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !matches!(kind.as_str(), "application/scim+json" | "application/json" | "") {
            let kind: String = kind.chars().take(LONGEST_SHOWN).collect();
            let wanted = format!("this server reads JSON: send it with `Content-Type: {MEDIA_TYPE}`");
            let kept = format!("the body has another type, and {wanted}");
            return Err(ScimError::new(415, Explanation::with_kept(format!("the body has the type `{kind}`, and {wanted}"), kept)).into());
        }
    }
    let mut body = Limited::new(body, MOST_BODY);
    let mut bytes = BytesMut::new();
    let end = Instant::now() + WHOLE_BODY;
    loop {
        let Ok(frame) = timeout_at(end.min(Instant::now() + NEXT_BYTES), body.frame()).await else {
            return Err(ScimError::new(408, "the request body arrived too slowly: send it again").into());
        };
        match frame {
            None => return Ok(bytes.freeze()),
            Some(Ok(frame)) => bytes.extend_from_slice(&frame.into_data().unwrap_or_default()),
            Some(Err(why)) if why.is::<LengthLimitError>() => {
                return Err(ScimError::new(413, own!("the body is longer than {MOST_BODY} bytes")).into());
            }
            Some(Err(_)) => return Err(Failure::syntax("the request body was cut off, or its transfer encoding is malformed")),
        }
    }
}

/// The body as a JSON object.
pub(in crate::server) fn object(bytes: &[u8]) -> Result<Map<String, Value>, Failure> {
    if nests_deeper_than(bytes, DEEPEST_JSON) {
        return Err(Failure::syntax(own!("the JSON is nested more than {DEEPEST_JSON} levels deep")));
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Failure::syntax("the body must be a JSON object")),
        Err(why) => Err(Failure::syntax(own!("the body is not valid JSON: line {} column {}", why.line(), why.column()))),
    }
}

/// Counts brackets outside of strings, before anything recursive sees them (J4).
fn nests_deeper_than(bytes: &[u8], most: usize) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > most {
                    return true;
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}
