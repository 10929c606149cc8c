//! Counts a request as in progress until its answer is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::connections::Connections;

/// Tells the table of connections what one connection does.
#[derive(Clone)]
pub(super) struct Progress {
    connections: Arc<Connections>,
    id: u64,
    is_spare: bool,
}

/// A request in progress.
pub(super) struct InProgress(Progress);

impl Progress {
    pub(super) const fn new(connections: Arc<Connections>, id: u64, is_spare: bool) -> Self {
        Self { connections, id, is_spare }
    }

    /// Whether the connection has one of the spare places, which are for monitors.
    pub(super) const fn is_spare(&self) -> bool {
        self.is_spare
    }

    /// Notes that a request has begun; it ends with the value that is returned.
    pub(super) fn begin(&self) -> InProgress {
        self.connections.begin(self.id);
        InProgress(self.clone())
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.connections.end(self.0.id);
    }
}

/// The body of an answer, whose request is in progress as long as the body is not sent.
pub(super) struct Counted {
    body: Body,
    _in_progress: InProgress,
}

impl Counted {
    pub(super) const fn new(body: Body, in_progress: InProgress) -> Self {
        Self { body, _in_progress: in_progress }
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
