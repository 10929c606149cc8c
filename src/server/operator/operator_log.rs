//! The log for the operator: events (tracing) that are lines on standard error. A line that cannot be written is dropped and counted, and never
//! holds up a request.

use std::io::{self, Write};
use std::sync::LazyLock;

use tracing::dispatcher::with_default;
use tracing::{Dispatch, error, info, warn};

use super::line_queue::LineQueue;
use super::line_subscriber::{LineSubscriber, TARGET};
use super::log_line::{AnsweredRequest, LogForm};

/// Takes lines for the operator.
#[derive(Clone, Debug, Default)]
pub struct OperatorLog(Option<Started>);

/// A log with a thread that writes it.
#[derive(Clone, Debug)]
struct Started {
    /// Takes the events.
    dispatch: Dispatch,
    queue: LineQueue,
}

/// Takes the events of commands: there, the log is standard error itself.
static OF_COMMANDS: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(LineSubscriber { form: LogForm::Text, queue: None }));

impl OperatorLog {
    /// Starts a log on standard error, with a thread of its own that writes it, since a pipe that nobody reads blocks its writer.
    ///
    /// # Errors
    /// Fails if the system cannot start a thread.
    pub fn start(form: LogForm) -> io::Result<Self> {
        Self::start_on(form, standard_error()?)
    }

    /// As [`Self::start`], on another output.
    ///
    /// # Errors
    /// Fails if the system cannot start a thread.
    pub fn start_on(form: LogForm, output: impl Write + Send + 'static) -> io::Result<Self> {
        let queue = LineQueue::start(form, output)?;
        let dispatch = Dispatch::new(LineSubscriber { form, queue: Some(queue.clone()) });
        Ok(Self(Some(Started { dispatch, queue })))
    }

    /// Writes a line. The text is cut off after 2,000 characters, and its invisible characters become blanks.
    pub fn line(&self, text: &str) {
        self.emit(|| info!(target: TARGET, text));
    }

    /// Writes a line about something that does not work and that the operator can mend.
    pub fn warn(&self, text: &str) {
        self.emit(|| warn!(target: TARGET, text));
    }

    /// Writes a line about a failure of the server, and the id of the request that failed, if it was one.
    pub fn error(&self, request_id: Option<&str>, text: &str) {
        self.emit(|| error!(target: TARGET, request_id, text));
    }

    /// Writes text that may have several lines, all or none of them.
    pub fn lines(&self, text: &str) {
        self.emit(|| info!(target: TARGET, lines = text));
    }

    /// Writes a line about a request.
    pub(in crate::server) fn request(&self, request: &AnsweredRequest<'_>) {
        let AnsweredRequest { origin, peer, method, path, route, status, millis } = *request;
        let (origin, peer) = (origin.map(|address| address.to_string()), peer.map(|address| address.to_string()));
        let (origin, peer) = (origin.as_deref(), peer.as_deref());
        let (status, milliseconds) = (u64::from(status), u64::try_from(millis).unwrap_or(u64::MAX));
        self.emit(|| info!(target: TARGET, origin, peer, method, path, route, status, milliseconds));
    }

    /// Sends an event to this log, and to no other one of this process.
    fn emit(&self, event: impl FnOnce()) {
        with_default(self.0.as_ref().map_or(&*OF_COMMANDS, |started| &started.dispatch), event);
    }

    /// Returns when all lines are written, or after a second.
    pub async fn finish(&self) {
        if let Some(started) = &self.0 {
            started.queue.finish().await;
        }
    }
}

/// Standard error without the lock that the rest of the program takes to write to it.
#[cfg(unix)]
fn standard_error() -> io::Result<std::fs::File> {
    std::os::fd::AsFd::as_fd(&io::stderr()).try_clone_to_owned().map(std::fs::File::from)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "this can fail on other systems")]
fn standard_error() -> io::Result<io::Stderr> {
    Ok(io::stderr())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use super::*;
    use crate::server::log_line::LONGEST;

    /// Fails as often as its count says, then keeps what is written.
    struct Flaky(u32, Arc<Mutex<String>>);

    impl Write for Flaky {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 > 0 {
                self.0 -= 1;
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            self.1.lock().unwrap().push_str(std::str::from_utf8(bytes).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Waits for the thread that writes, however slow the machine is.
    async fn finished(log: &OperatorLog) {
        let started = log.0.as_ref().unwrap();
        started.queue.finish_within(std::time::Duration::from_mins(1)).await;
    }

    #[tokio::test]
    async fn lines_that_cannot_be_written_are_counted_and_the_count_is_logged() {
        let written = Arc::new(Mutex::new(String::new()));
        let log = OperatorLog::start_on(LogForm::Text, Flaky(3, Arc::clone(&written))).unwrap();
        for line in ["one", "two", "three", "four", "five\r\nsix"] {
            log.line(line);
        }
        finished(&log).await;
        assert_eq!(*written.lock().unwrap(), "3 lines of this log could not be written\nfour\nfive  six\n");
    }

    #[tokio::test]
    async fn a_long_line_is_cut() {
        let written = Arc::new(Mutex::new(String::new()));
        let log = OperatorLog::start_on(LogForm::Text, Flaky(0, Arc::clone(&written))).unwrap();
        log.line(&"ä".repeat(LONGEST + 1));
        finished(&log).await;
        assert_eq!(*written.lock().unwrap(), format!("{}…\n", "ä".repeat(LONGEST)));
    }

    // K4: an error names its request, and lines of libraries are not in the log.
    #[tokio::test]
    async fn an_event_is_a_line_with_its_level_and_request_and_events_of_libraries_are_none() {
        let written = Arc::new(Mutex::new(String::new()));
        let log = OperatorLog::start_on(LogForm::Json, Flaky(0, Arc::clone(&written))).unwrap();
        log.warn("one\ntwo");
        log.error(Some("7\n8"), "it failed");
        log.lines("here\nthere");
        log.emit(|| error!(target: "hyper", "Authorization: Bearer canary"));
        log.emit(|| error!("canary"));
        let (origin, peer) = ("203.0.113.9".parse().ok(), None);
        log.request(&AnsweredRequest { origin, peer, method: "GET", path: "/a\nb", route: None, status: 404, millis: 7 });
        finished(&log).await;
        let lines: Vec<Value> = written.lock().unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let found: Vec<Value> =
            lines.iter().map(|line| json!([line["level"], line["event"], line["message"], line["request_id"]])).collect();
        let expected = [
            json!(["WARN", "message", "one two", null]),
            json!(["ERROR", "message", "it failed", "7 8"]),
            json!(["INFO", "message", "here", null]),
            json!(["INFO", "message", "there", null]),
            json!(["INFO", "request", null, null]),
        ];
        assert_eq!(found, expected);
        let request = &lines[4];
        let shown =
            json!([request["origin"], request["peer"], request["path"], request["route"], request["status"], request["milliseconds"]]);
        assert_eq!(shown, json!(["203.0.113.9", null, "/a b", null, 404, 7]));
    }
}
