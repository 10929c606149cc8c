//! The way in which a request reaches a server: over HTTP, or as a call in this process.

use std::future::Future;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::DirectoryError;
use crate::model::{NetworkError, ProtocolError};

/// Carries one request to a server and its answer back.
pub trait Transport: Sync {
    /// Sends one request; URIs are absolute.
    ///
    /// # Errors
    /// If no complete answer arrived.
    fn send(&self, request: http::Request<Bytes>) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send;
}

impl<T: Transport> Transport for &T {
    fn send(&self, request: http::Request<Bytes>) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send {
        (**self).send(request)
    }
}

/// The reason why no complete answer arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The network failed; another try may succeed.
    Network(NetworkError),
    /// The answer must not be followed or is not acceptable; another try cannot help.
    Refused(ProtocolError),
}

impl From<ProtocolError> for TransportError {
    fn from(why: ProtocolError) -> Self {
        Self::Refused(why)
    }
}

impl From<TransportError> for DirectoryError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Network(why) => Self::Unreachable { why },
            TransportError::Refused(why) => Self::Protocol { why },
        }
    }
}

/// The length limit of an answer (bytes).
pub(super) const LONGEST_ANSWER: usize = 64 << 20;

/// A router in this process: the same code as over HTTP, without a socket.
#[derive(Clone)]
pub struct InProcess {
    router: Router,
    /// The database file, if there is one.
    file: Option<String>,
}

impl InProcess {
    /// Wraps a router.
    #[must_use]
    pub const fn new(router: Router) -> Self {
        Self { router, file: None }
    }

    /// Names the database file behind the router: it is what people know of a workspace without a server.
    #[must_use]
    pub fn in_file(self, file: Option<String>) -> Self {
        Self { file, ..self }
    }
}

impl Transport for InProcess {
    /// The request runs as a separate task: as on a server, it continues if the caller stops waiting.
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let router = self.router.clone();
        let answer = tokio::spawn(async move {
            let response = match router.oneshot(request.map(Body::from)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let (head, body) = response.into_parts();
            let body = http_body_util::Limited::new(body, LONGEST_ANSWER)
                .collect()
                .await
                .map_err(|why| TransportError::Network(NetworkError::InProcess { source_text: why.to_string() }))?
                .to_bytes();
            Ok::<_, TransportError>(http::Response::from_parts(head, body))
        });
        let lost = |why: tokio::task::JoinError| TransportError::Network(NetworkError::InProcess { source_text: why.to_string() });
        let answer: http::Response<Bytes> = answer.await.map_err(lost)??;
        match &self.file {
            Some(file) if answer.status() == http::StatusCode::INSUFFICIENT_STORAGE => {
                Err(ProtocolError::DiskFull { file: file.clone() }.into())
            }
            Some(_) | None => Ok(answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_below_a_database_in_this_process_is_named_by_its_file() {
        let router = || Router::new().fallback(|| async { http::StatusCode::INSUFFICIENT_STORAGE });
        let request = || http::Request::new(Bytes::new());
        let named = InProcess::new(router()).in_file(Some("glow.db".to_owned())).send(request()).await;
        assert_eq!(named.unwrap_err(), TransportError::from(ProtocolError::DiskFull { file: "glow.db".to_owned() }));
        let nameless = InProcess::new(router()).send(request()).await;
        assert_eq!(nameless.unwrap().status(), http::StatusCode::INSUFFICIENT_STORAGE);
    }
}
