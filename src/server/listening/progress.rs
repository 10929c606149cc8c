//! Counts a request as in progress until its answer is sent, and as unfinished while the server waits for the rest of it.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

use super::connections::{ConnectionProgress, InProgress};

/// The body of an answer, whose request is in progress as long as the body is not sent.
pub(super) struct CountedBody {
    body: Body,
    _in_progress: InProgress,
}

impl CountedBody {
    pub(super) const fn new(body: Body, in_progress: InProgress) -> Self {
        Self { body, _in_progress: in_progress }
    }
}

impl HttpBody for CountedBody {
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

/// The body of a request, which is unfinished as long as the server waits for more of it.
pub(super) struct Arriving {
    body: Body,
    progress: ConnectionProgress,
}

impl Arriving {
    pub(super) const fn new(body: Body, progress: ConnectionProgress) -> Self {
        Self { body, progress }
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        self.progress.set_unfinished(frame.is_pending());
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        self.progress.set_unfinished(false);
    }
}
