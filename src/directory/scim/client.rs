//! Requests to a SCIM server, and the meaning of its answers in whatever form they arrive.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LINK, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::uri::InvalidUri;
use http::{Method, Request, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeSeed;
use serde_json::Value;
use url::Url;

use super::message_form::{MediaType, meant, not_json};
use super::pacing::Pacing;
use super::places::{id_at, leads_elsewhere, redirected};
use crate::directory::hidden::hide_sent;
use crate::directory::retry::Backoff;
use crate::directory::{DirectoryError, Transport};
use crate::model::{Drift, ProtocolError, RemoteId, SCIM_PATH, Scope};
use crate::scim::paths::API;
use crate::scim::{ScimError, member};

/// Some servers accept only the one, some only the other, so both are offered (RFC 7644 section 3.8).
const ACCEPTED: &str = "application/scim+json, application/json";

/// The number of times that one request is sent on to another address of the same server.
const MOST_REDIRECTS: usize = 3;

/// The characters that are escaped in a query or path: all but the unreserved ones (RFC 3986 section 2.3).
const NOT_IN_URLS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An answer with its body as it arrived.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Sends requests below one base URL.
pub(super) struct Client<T> {
    transport: T,
    /// The base URL, without a slash at its end.
    base: String,
    backoff: Backoff,
    /// Says whether the server has put off a read until it was given up, and answered none since: then no other one waits.
    has_put_off: Arc<AtomicBool>,
    pacing: Pacing,
    media_type: MediaType,
}

impl<T: Transport> Client<T> {
    pub(super) fn new(transport: T, base: &Url, backoff: Backoff) -> Self {
        Self {
            transport,
            base: base.as_str().trim_end_matches('/').to_owned(),
            backoff,
            has_put_off: Arc::default(),
            pacing: Pacing::default(),
            media_type: MediaType::default(),
        }
    }

    pub(super) const fn transport(&self) -> &T {
        &self.transport
    }

    /// Returns the time that one list may take.
    pub(super) const fn patience_with_lists(&self) -> Duration {
        self.backoff.listing
    }

    /// Returns a client of the same server that asks only once: during a write, the whole write is tried again (A8).
    pub(super) fn once(&self) -> Client<&T> {
        let (base, has_put_off, pacing) = (self.base.clone(), Arc::clone(&self.has_put_off), self.pacing.clone());
        let (backoff, media_type) = (Backoff { attempts: 1, ..self.backoff }, self.media_type.clone());
        Client { transport: &self.transport, base, backoff, has_put_off, pacing, media_type }
    }

    /// Returns the URL of an endpoint beside SCIM on our own server; `None` if the base does not look like ours.
    pub(super) fn beside(&self, path: &str) -> Option<String> {
        self.base.strip_suffix(SCIM_PATH).map(|root| format!("{root}{API}{path}"))
    }

    /// Returns the URL of a path below the base.
    pub(super) fn below(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Reads, and tries again if that can help, since reading has no effect.
    pub(super) async fn get(&self, url: &str) -> Result<Reply, DirectoryError> {
        self.asking(Method::GET, url, None).await
    }

    /// Waits for a server whose answers lag behind its writes.
    pub(super) async fn lag(&self, tried: u32) {
        tokio::time::sleep(self.backoff.base.saturating_mul(tried)).await;
    }

    /// Sends a POST that only asks.
    pub(super) async fn ask(&self, url: &str, body: &Value) -> Result<Reply, DirectoryError> {
        self.asking(Method::POST, url, Some(body)).await
    }

    /// Returns whether the server has put off a read until it was given up, and answered none since.
    pub(super) fn is_putting_off(&self) -> bool {
        self.has_put_off.load(Ordering::Relaxed)
    }

    /// Reads once, and again only if the server asks to come back later.
    pub(super) async fn get_patiently(&self, url: &str) -> Result<Reply, DirectoryError> {
        match self.once().get(url).await {
            Err(error) if error.is_later() && !self.is_putting_off() => self.get(url).await,
            answer => answer,
        }
    }

    /// Sends a POST that only asks, and again only if the server asks to come back later.
    pub(super) async fn ask_patiently(&self, url: &str, body: &Value) -> Result<Reply, DirectoryError> {
        match self.once().ask(url, body).await {
            Err(error) if error.is_later() && !self.is_putting_off() => self.ask(url, body).await,
            answer => answer,
        }
    }

    async fn asking(&self, method: Method, url: &str, body: Option<&Value>) -> Result<Reply, DirectoryError> {
        let mut tried = 0;
        let begun = tokio::time::Instant::now();
        loop {
            tried += 1;
            let sent = if self.backoff.attempts == 1 {
                self.press(method.clone(), url, body, HeaderMap::new()).await.map(|(answer, _)| answer)
            } else {
                self.send(method.clone(), url, body, HeaderMap::new()).await
            };
            let error = match sent {
                Ok(answer) => match answer.trouble() {
                    None => {
                        self.has_put_off.store(false, Ordering::Relaxed);
                        return Ok(answer);
                    }
                    Some(error) => error,
                },
                Err(error) => error,
            };
            let in_vain = error.is_silence() && begun.elapsed() >= self.backoff.silence;
            let in_vain = in_vain || error.is_later() && self.is_putting_off();
            let is_too_long = |wait: Duration| error.is_later() && begun.elapsed().saturating_add(wait) > self.backoff.patience;
            let Some(wait) = self.backoff.wait(tried, &error, rand::random()).filter(|wait| !in_vain && !is_too_long(*wait)) else {
                self.has_put_off.fetch_or(error.is_later() && self.backoff.attempts > 1, Ordering::Relaxed);
                return Err(error);
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Sends one request, and once more after a short pause if the server put it off: one that takes every second request would put off every
    /// try of a whole write at the same place. Returns how often it was sent.
    pub(super) async fn press(
        &self,
        method: Method,
        url: &str,
        body: Option<&Value>,
        headers: HeaderMap,
    ) -> Result<(Reply, u32), DirectoryError> {
        let first = self.send(method.clone(), url, body, headers.clone()).await?;
        let Some(pause) = self.pacing.pause(&method, first.status, first.retry_after(), self.backoff.base) else { return Ok((first, 1)) };
        tokio::time::sleep(pause).await;
        let again = self.send(method.clone(), url, body, headers).await?;
        self.pacing.learn(&method, again.status);
        // A few servers act on what they put off: then the whole write finds out what they did.
        let is_done_before = matches!(again.status.as_u16(), 409 | 412);
        Ok((if is_done_before { first } else { again }, 2))
    }

    /// Sends one request, once, also to where the server redirects it below its own base URL.
    pub(super) async fn send(&self, method: Method, url: &str, body: Option<&Value>, headers: HeaderMap) -> Result<Reply, DirectoryError> {
        let was_plain = self.media_type.is_plain();
        let (mut answer, mut at) = (self.send_to(method.clone(), url, body, headers.clone()).await?, url.to_owned());
        if self.media_type.is_refused(&method, answer.status, was_plain) {
            answer = self.send_to(method.clone(), url, body, headers.clone()).await?;
            self.media_type.learn(answer.status);
        }
        for _ in 0..MOST_REDIRECTS {
            let Some(target) = redirected(&self.base, &method, &at, answer.status, &answer.headers) else { break };
            answer = self.send_to(method.clone(), &target, body, headers.clone()).await?;
            at = target;
        }
        Ok(answer)
    }

    /// Sends one request, once and nowhere else.
    pub(super) async fn send_to(
        &self,
        method: Method,
        url: &str,
        body: Option<&Value>,
        headers: HeaderMap,
    ) -> Result<Reply, DirectoryError> {
        let bytes = body.map(|b| Bytes::from(b.to_string())).unwrap_or_default();
        if leads_elsewhere(url) {
            return Err(ProtocolError::OddAddress { url: url.to_owned() }.into());
        }
        let mut request = Request::new(bytes);
        *request.method_mut() = method;
        let not_an_address = |why: InvalidUri| ProtocolError::NotAnAddress { url: url.to_owned(), source_text: why.to_string() };
        *request.uri_mut() = url.parse().map_err(not_an_address)?;
        *request.headers_mut() = headers;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
        if body.is_some() {
            request.headers_mut().insert(CONTENT_TYPE, self.media_type.header());
        }
        let (head, mut said) = self.transport.send(request).await?.into_parts();
        if let (false, Some(body)) = (meant(head.status, &said).is_success(), body) {
            said = hide_sent(said, body);
        }
        Ok(Reply { status: meant(head.status, &said), headers: head.headers, body: said })
    }
}

impl Reply {
    /// Returns whether the server repeats an answer that it gave to an earlier request with the same key.
    pub(super) fn is_repeated(&self) -> bool {
        self.headers.contains_key("idempotency-replayed")
    }

    /// Parses the body as JSON.
    pub(super) fn json(&self) -> Result<Value, DirectoryError> {
        self.parsed_into(PhantomData)
    }

    /// Parses the body as JSON with `seed`, which may borrow texts from it.
    pub(super) fn parsed_into<'a, S: DeserializeSeed<'a>>(&'a self, seed: S) -> Result<S::Value, DirectoryError> {
        let parsed = std::str::from_utf8(&self.body).ok().and_then(|text| {
            // Some servers begin with a byte-order mark (RFC 8259 section 8.1 lets a reader ignore it).
            let mut json = serde_json::Deserializer::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
            let value = seed.deserialize(&mut json).ok()?;
            json.end().ok().map(|()| value)
        });
        parsed.ok_or_else(|| not_json(&self.headers))
    }

    /// Parses the body as a resource; `None` if there is none, as after 204.
    pub(super) fn resource(&self) -> Option<Value> {
        if self.body.is_empty() {
            return None;
        }
        self.json().ok().filter(Value::is_object)
    }

    /// Returns what the status says about another try or another token.
    pub(super) fn trouble(&self) -> Option<DirectoryError> {
        match self.status.as_u16() {
            301..=303 | 307 | 308 => Some(self.redirection()),
            // A server that lacks a feature answers 501 every time; 408 and 425 ask for the same request again (RFC 9110 section 15.5.9, RFC 8470).
            408 | 425 | 429 | 500 | 502..=599 => Some(self.busy()),
            401 => Some(DirectoryError::Auth { status: 401, scope: Scope::Token, why: self.error().detail.into() }),
            _ => None,
        }
    }

    /// Reads the answer as an error, whatever form it has.
    pub(super) fn error(&self) -> ScimError {
        ScimError::from_response(self.status.as_u16(), &self.body)
    }

    /// Reads the answer as this module's error.
    pub(super) fn refusal(&self) -> DirectoryError {
        if let Some(trouble) = self.trouble() {
            return trouble;
        }
        let error = self.error();
        match error.status {
            403 => {
                let scope = if self.lacks_scope() { Scope::Token } else { Scope::Unknown };
                DirectoryError::Auth { status: 403, scope, why: error.detail.into() }
            }
            412 => DirectoryError::Stale(Drift::Rewritten),
            status => {
                let scim_type = error.scim_type.map(|t| t.as_str().to_owned());
                DirectoryError::Refused { status, scim_type, why: error.detail.into(), note: None }
            }
        }
    }

    /// Returns whether the server says that the token lacks the right (RFC 6750 section 3.1).
    pub(super) fn lacks_scope(&self) -> bool {
        let mut challenges = self.headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        challenges.any(|challenge| challenge.to_ascii_lowercase().contains("insufficient_scope"))
    }

    /// A redirect to another place than below the base URL is not followed with a token.
    fn redirection(&self) -> DirectoryError {
        let target = self.headers.get(LOCATION).and_then(|l| l.to_str().ok()).map(str::to_owned);
        ProtocolError::Redirected { target }.into()
    }

    fn busy(&self) -> DirectoryError {
        DirectoryError::Busy { status: self.status.as_u16(), why: self.error().detail.into(), retry_after: self.retry_after() }
    }

    /// Reads `Retry-After`, in seconds or as a date, which counts from the server's own `Date`.
    fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let at = http_date(text)?;
        let now = self.date()?;
        Some(Duration::from_millis(u64::try_from(at - now).unwrap_or(0)))
    }

    /// Returns the id in `Location`: its last part, since the rest may be relative, or another name of the same host.
    pub(super) fn located(&self) -> Option<RemoteId> {
        id_at(self.headers.get(LOCATION)?.to_str().ok()?)
    }

    /// Returns the id of the resource that a link with this relation leads to (RFC 8288).
    pub(super) fn linked(&self, relation: &str) -> Option<RemoteId> {
        let relation = format!("rel=\"{relation}\"");
        let links = self.headers.get_all(LINK).into_iter().filter_map(|links| links.to_str().ok()).flat_map(|links| links.split(','));
        let mut parts = links.filter_map(|link| link.trim().strip_prefix('<')?.split_once('>'));
        parts.find(|(_, parameters)| parameters.split(';').any(|one| one.trim() == relation)).and_then(|(address, _)| id_at(address))
    }

    /// Returns the server's time, in epoch milliseconds.
    pub(super) fn date(&self) -> Option<i64> {
        http_date(self.headers.get(DATE)?.to_str().ok()?)
    }
}

/// Converts an HTTP date to epoch milliseconds.
fn http_date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp().as_millisecond())
}

/// Finds a member of a value, in any case; `None` also if the value is not an object.
pub(super) fn get<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object().and_then(|o| member(o, name))
}

/// Finds a text member, in any case.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    get(value, name).and_then(Value::as_str)
}

/// Reads a boolean, or the text of one.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value.as_str() {
        Some(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Some(word) if word.eq_ignore_ascii_case("false") => Some(false),
        Some(_) | None => value.as_bool(),
    }
}

/// Encodes a text as part of a query or path.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NOT_IN_URLS).to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::directory::TransportError;

    /// Answers "later" to every request but one, and counts them.
    struct Busy(AtomicUsize, Option<usize>);

    impl Transport for Busy {
        async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
            let at = self.0.fetch_add(1, Ordering::Relaxed);
            let answer = http::Response::builder();
            let answer = if self.1 == Some(at) { answer.status(200) } else { answer.status(503).header(RETRY_AFTER, "0") };
            Ok(answer.body(Bytes::new()).unwrap())
        }
    }

    /// The number of requests that so many questions take.
    async fn requests(questions: usize, answered: Option<usize>) -> usize {
        let client = Client::new(Busy(AtomicUsize::default(), answered), &"http://x/scim/v2".parse().unwrap(), Backoff::default());
        for _ in 0..questions {
            let _ = client.get("http://x/scim/v2/Users").await;
        }
        client.transport().0.load(Ordering::Relaxed)
    }

    // A8: one question waits as asked; after it, each asks once until the server answers.
    #[tokio::test]
    async fn a_server_that_puts_off_every_question_is_waited_for_once() {
        assert_eq!(requests(3, None).await, 5 + 1 + 1);
        assert_eq!(requests(3, Some(5)).await, 5 + 1 + 5, "an answer begins it again");
    }
}
