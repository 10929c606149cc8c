//! A stream whose other end must take what is written to it: answers that nobody reads would keep their connection, and its place, without an end.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// The longest time for which the other end takes nothing of what is written.
const TAKES_NOTHING: Duration = Duration::from_secs(20);

/// See the module.
pub(super) struct TakenStream<S> {
    stream: S,
    /// The longest time for which the other end takes nothing.
    longest: Duration,
    /// Runs while the other end takes nothing.
    waits: Option<Pin<Box<Sleep>>>,
}

impl<S> TakenStream<S> {
    /// Makes one of a stream.
    pub(super) const fn new(stream: S) -> Self {
        Self { stream, longest: TAKES_NOTHING, waits: None }
    }

    /// Returns the result of writing: an error once the other end has taken nothing for too long.
    fn within_time<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waits = None;
            return written;
        }
        let longest = self.longest;
        let waits = self.waits.get_or_insert_with(|| Box::pin(sleep(longest)));
        waits.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TakenStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TakenStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.within_time(context, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.within_time(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.within_time(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(context);
        self.within_time(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    // N4
    #[tokio::test]
    async fn an_answer_of_which_nobody_takes_a_byte_ends_its_connection() {
        let (ours, _theirs) = duplex(16);
        let mut stream = TakenStream { longest: Duration::from_millis(20), ..TakenStream::new(ours) };
        assert_eq!(stream.write_all(&[0; 64]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn every_byte_that_is_taken_begins_the_time_anew() {
        let (ours, mut theirs) = duplex(16);
        let mut stream = TakenStream::new(ours);
        stream.write_all(&[7; 16]).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(5), stream.write_all(&[7; 1])).await.is_err(), "it is full");
        assert!(stream.waits.is_some());
        theirs.read_exact(&mut [0; 16]).await.unwrap();
        stream.write_all(&[7; 1]).await.unwrap();
        assert!(stream.waits.is_none());
    }
}
