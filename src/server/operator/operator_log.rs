//! The log for the operator: lines on standard error. A line that cannot be written is dropped and counted, and never holds up a request.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::log_line::{AnsweredRequest, LogForm};
use crate::store::{Clock as _, SystemClock};

/// How many bytes of lines may wait to be written; further lines are dropped.
const WAITING: usize = 1024 * 1024;
/// How long the last lines may take to be written when the server ends.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Takes lines for the operator.
#[derive(Clone, Debug, Default)]
pub struct OperatorLog(Option<Arc<Queue>>);

#[derive(Debug)]
struct Queue {
    form: LogForm,
    lines: mpsc::Sender<String>,
    count: Arc<Count>,
}

#[derive(Debug, Default)]
struct Count {
    /// The bytes that wait to be written.
    waiting: AtomicUsize,
    /// The lines that were dropped, and of which the log has not told yet.
    dropped: AtomicU64,
}

impl OperatorLog {
    /// Starts a log on standard error, with a thread of its own that writes it, since a pipe that nobody reads blocks its writer.
    ///
    /// # Errors
    /// Fails if the system cannot start a thread.
    pub fn start(form: LogForm) -> io::Result<Self> {
        Self::start_on(form, standard_error()?)
    }

    pub(in crate::server) fn start_on(form: LogForm, output: impl Write + Send + 'static) -> io::Result<Self> {
        let (sender, lines) = mpsc::channel();
        let count = Arc::new(Count::default());
        let counted = Arc::clone(&count);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || write_lines(form, &lines, &counted, output))?;
        Ok(Self(Some(Arc::new(Queue { form, lines: sender, count }))))
    }

    /// Writes a line. What it says is cut off after 2,000 characters, and its invisible characters become blanks.
    pub fn line(&self, text: &str) {
        self.send(self.form().message(text, SystemClock.now()));
    }

    /// Writes text that may have several lines, all or none of them.
    pub fn lines(&self, text: &str) {
        let form = self.form();
        self.send(text.lines().map(|line| form.message(line, SystemClock.now())).collect::<Vec<_>>().join("\n"));
    }

    /// Writes a line about a request.
    pub(in crate::server) fn request(&self, request: &AnsweredRequest<'_>) {
        self.send(self.form().request(request, SystemClock.now()));
    }

    fn form(&self) -> LogForm {
        self.0.as_deref().map(|queue| queue.form).unwrap_or_default()
    }

    /// Sends lines to the thread that writes them.
    fn send(&self, text: String) {
        let Some(Queue { form: _, lines, count }) = self.0.as_deref() else {
            // In a command, the log is standard error itself.
            let _ = writeln!(io::stderr().lock(), "{text}");
            return;
        };
        let length = text.len();
        let before = count.waiting.fetch_add(length, Ordering::Relaxed);
        if (before > 0 && before.saturating_add(length) > WAITING) || lines.send(text).is_err() {
            count.waiting.fetch_sub(length, Ordering::Relaxed);
            count.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns when all lines are written, or after a second.
    pub async fn finish(&self) {
        let Some(queue) = self.0.as_deref() else { return };
        let written = async {
            while queue.count.waiting.load(Ordering::Relaxed) > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let _ = tokio::time::timeout(LAST_LINES, written).await;
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

fn write_lines(form: LogForm, lines: &mpsc::Receiver<String>, count: &Count, mut output: impl Write) {
    for line in lines {
        let length = line.len();
        let dropped = count.dropped.swap(0, Ordering::Relaxed);
        let missing = || form.message(&format!("{dropped} lines of this log could not be written"), SystemClock.now());
        let noted = if dropped == 0 { Ok(()) } else { writeln!(output, "{}", missing()) };
        let lost = match noted {
            // One call for one line, so that lines of others do not come between.
            Ok(()) => u64::from(output.write_all(format!("{line}\n").as_bytes()).is_err()),
            Err(_) => dropped.saturating_add(1),
        };
        count.dropped.fetch_add(lost, Ordering::Relaxed);
        count.waiting.fetch_sub(length, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

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

    #[tokio::test]
    async fn lines_that_cannot_be_written_are_counted_and_the_count_is_told() {
        let written = Arc::new(Mutex::new(String::new()));
        let log = OperatorLog::start_on(LogForm::Text, Flaky(3, Arc::clone(&written))).unwrap();
        for line in ["one", "two", "three", "four", "five\r\nsix"] {
            log.line(line);
        }
        log.finish().await;
        assert_eq!(*written.lock().unwrap(), "3 lines of this log could not be written\nfour\nfive  six\n");
    }

    #[tokio::test]
    async fn a_long_line_is_cut() {
        let written = Arc::new(Mutex::new(String::new()));
        let log = OperatorLog::start_on(LogForm::Text, Flaky(0, Arc::clone(&written))).unwrap();
        log.line(&"ä".repeat(LONGEST + 1));
        log.finish().await;
        assert_eq!(*written.lock().unwrap(), format!("{}…\n", "ä".repeat(LONGEST)));
    }
}
