//! HTTP over TLS, with a token that is never sent to another host or over an unencrypted connection.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, HeaderValue, LOCATION, USER_AGENT};
use url::Url;

use super::hidden::hide_token;
use super::run_limits::{Patience, RunLimits};
use super::transport::LONGEST_ANSWER;
use super::{Transport, TransportError};
use crate::model::{AddressError, NetworkError, ProtocolError, Secret, is_loopback};
use crate::report::without_number;
use crate::scim::ScimError;
use crate::scim::paths::SEARCH;

/// The time limit for connecting.
const CONNECT: Duration = Duration::from_secs(10);
/// The time limit for a request and its answer.
const ANSWER: Duration = Duration::from_secs(25);

/// A server over HTTP.
pub struct HttpTransport {
    client: reqwest::Client,
    token: HeaderValue,
    origin: url::Origin,
    /// The time limit for a request and its answer.
    answer: Duration,
    limits: RunLimits,
}

impl HttpTransport {
    /// Speaks to the server of this address with this token.
    ///
    /// # Errors
    /// If the token would be sent in plain text (without TLS only loopback is allowed), or cannot be a header value.
    pub fn new(base: &Url, token: &Secret) -> Result<Self, AddressError> {
        Self::with_patience(base, token, ANSWER)
    }

    /// Connects as [`HttpTransport::new`] does, with this time limit for each request.
    ///
    /// # Errors
    /// See [`HttpTransport::new`].
    pub fn with_patience(base: &Url, token: &Secret, answer: Duration) -> Result<Self, AddressError> {
        match base.scheme() {
            "https" => {}
            "http" if is_loopback(base) => {}
            "http" => return Err(AddressError::NotEncrypted { url: base.to_string() }),
            _ => return Err(AddressError::NotWeb { url: base.to_string() }),
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(AddressError::Credentials);
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(|_| AddressError::Token)?;
        header.set_sensitive(true);
        let client = client_to(base)
            .connect_timeout(CONNECT)
            .timeout(answer)
            .build()
            .map_err(|why| AddressError::Client { source_text: chain(&why) })?;
        Ok(Self { client, token: header, origin: base.origin(), answer, limits: RunLimits::default() })
    }

    /// Shares the limits of a run with its other connections.
    #[must_use]
    pub fn within(self, limits: &RunLimits) -> Self {
        Self { limits: limits.clone(), ..self }
    }
}

/// Begins a client for one address. It goes nowhere else, even if an answer says so, and to this machine without a proxy.
#[expect(clippy::disallowed_methods, reason = "the one place where clients begin")]
pub fn client_to(url: &Url) -> reqwest::ClientBuilder {
    // A second installation fails and changes nothing: the first one chose the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).referer(false);
    if is_loopback(url) { builder.no_proxy() } else { builder }
}

impl Transport for HttpTransport {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let (server, began) = (counted_apart(&self.origin, &request), tokio::time::Instant::now());
        let patience = match self.limits.patience(&server, self.answer) {
            Patience::Within(patience) => patience,
            Patience::UsedUp(waited) => {
                let server = self.origin.ascii_serialization();
                return Err(TransportError::Network(NetworkError::NotAsked { server, seconds: waited.as_secs() }));
            }
        };
        let answer = self.exchange(request, patience, self.limits.silence(&server, began)).await;
        let has_answered = match &answer {
            Ok(_) | Err(TransportError::Refused(_)) => true,
            Err(TransportError::Network(_)) => false,
        };
        self.limits.remember(&server, (began, tokio::time::Instant::now()), has_answered);
        answer
    }
}

/// Returns the name under which a server's silence is counted: its reads and its writes apart, since one that answers reads may never answer a write.
fn counted_apart(origin: &url::Origin, request: &http::Request<Bytes>) -> String {
    let is_read = request.method().is_safe() || request.uri().path().ends_with(SEARCH);
    format!("{} {}", origin.ascii_serialization(), if is_read { "reads" } else { "writes" })
}

impl HttpTransport {
    /// Sends a request to a server that has been silent for so long.
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        patience: Duration,
        silence: Duration,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let mut request = reqwest::Request::try_from(request).map_err(|why| ProtocolError::NotSent { source_text: chain(&why) })?;
        if request.url().origin() != self.origin {
            return Err(ProtocolError::OtherHost { url: request.url().to_string() }.into());
        }
        *request.timeout_mut() = Some(patience);
        // Some servers refuse a client without a name.
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(concat!("rosterctl/", env!("CARGO_PKG_VERSION"))));
        request.headers_mut().insert(AUTHORIZATION, self.token.clone());
        let mut response = self.client.execute(request).await.map_err(|why| self.network(why, patience, silence, false))?;
        let mut answer = http::Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|why| self.network(why, patience, silence, true))? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(ProtocolError::AnswerTooLong { limit: LONGEST_ANSWER }.into());
            }
            self.limits.count(chunk.len()).map_err(|limit| ProtocolError::AnswersTooLong { limit })?;
            body.extend_from_slice(&chunk);
        }
        let mut body = body.freeze();
        // Some servers and gateways repeat the token when they complain of it.
        if (!answer.status().is_success() || ScimError::is_message(&body))
            && let Some(token) = self.token.to_str().ok().and_then(|token| token.strip_prefix("Bearer "))
        {
            body = hide_token(body, token);
            if let Some(location) = answer.headers_mut().get_mut(LOCATION)
                && let Ok(safe) = HeaderValue::from_maybe_shared(hide_token(Bytes::copy_from_slice(location.as_bytes()), token))
            {
                *location = safe;
            }
        }
        *answer.body_mut() = body;
        Ok(answer)
    }
}

impl HttpTransport {
    /// Says what failed on the network, before the answer or after it has begun.
    fn network(&self, error: reqwest::Error, patience: Duration, silence: Duration, has_begun: bool) -> TransportError {
        let server = self.origin.ascii_serialization();
        let error = error.without_url();
        TransportError::Network(match (error.is_connect(), error.is_timeout()) {
            (true, true) => NetworkError::NotReached { server, seconds: silence.saturating_add(CONNECT.min(patience)).as_secs() },
            // A request after a long silence gets little time, which is not what the server had.
            (false, true) if has_begun => NetworkError::NotFinished { server, seconds: silence.saturating_add(patience).as_secs() },
            (false, true) => NetworkError::NotAnswered { server, seconds: silence.saturating_add(patience).as_secs() },
            (true, false) if is_refused(&error) => NetworkError::ConnectionRefused { server },
            (true, false) => NetworkError::NoConnection { server, source_text: innermost(&error) },
            (false, false) => NetworkError::Lost { server, source_text: chain(&error) },
        })
    }
}

/// Lists an error and its causes, outermost first.
fn causes<'a>(error: &'a (dyn std::error::Error + 'static)) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// Returns whether no program listens at the address.
fn is_refused(error: &reqwest::Error) -> bool {
    causes(error).filter_map(|e| e.downcast_ref::<std::io::Error>()).any(|e| e.kind() == std::io::ErrorKind::ConnectionRefused)
}

/// Describes the innermost cause of an error.
fn innermost(error: &reqwest::Error) -> String {
    causes(error).last().map(|cause| without_number(&cause.to_string())).unwrap_or_default()
}

/// Describes an error with its causes, since the outer one seldom says what happened.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    without_number(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn outcome(base: &str) -> Result<(), AddressError> {
        HttpTransport::new(&url(base), &Secret::new("t".to_owned())).map(|_| ())
    }

    #[test]
    fn a_server_that_answers_reads_is_silent_all_the_same_if_it_answers_no_write() {
        let origin = Url::parse("https://scim.example/v2").unwrap().origin();
        let counted = |method: &str, path: &str| {
            let request = http::Request::builder().method(method).uri(format!("https://scim.example{path}")).body(Bytes::new()).unwrap();
            counted_apart(&origin, &request)
        };
        let reads = counted("GET", "/v2/Users");
        assert_eq!(counted("POST", "/v2/Users/.search"), reads);
        for (method, path) in [("PATCH", "/v2/Users/1"), ("POST", "/v2/Users"), ("PUT", "/v2/Users/1")] {
            assert_ne!(counted(method, path), reads, "{method}");
        }
    }

    #[test]
    fn a_token_is_never_sent_in_plain_text() {
        // N6
        for clear in ["http://scim.example/v2", "http://localhost.scim.example/v2"] {
            assert_eq!(outcome(clear), Err(AddressError::NotEncrypted { url: clear.to_owned() }));
        }
        assert_eq!(outcome("ftp://scim.example/v2"), Err(AddressError::NotWeb { url: "ftp://scim.example/v2".to_owned() }));
        assert_eq!(outcome("https://ann:pw@scim.example/v2"), Err(AddressError::Credentials));
        assert_eq!(outcome("https://scim.example/v2"), Ok(()));
        assert_eq!(outcome("http://127.0.0.1:8101/v2"), Ok(()));
        assert_eq!(outcome("http://[::1]:8101/v2"), Ok(()));
    }

    #[test]
    fn a_token_with_a_line_end_is_refused_with_a_reason() {
        let made = HttpTransport::new(&Url::parse("https://scim.example/v2").unwrap(), &Secret::new("a\nb".to_owned()));
        assert_eq!(made.map(|_| ()), Err(AddressError::Token));
    }
}
