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
}

impl InProcess {
    /// Wraps a router.
    #[must_use]
    pub const fn new(router: Router) -> Self {
        Self { router }
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
            Ok(http::Response::from_parts(head, body))
        });
        answer.await.map_err(|why| TransportError::Network(NetworkError::InProcess { source_text: why.to_string() }))?
    }
}
