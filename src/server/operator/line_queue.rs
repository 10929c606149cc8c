//! The lines that wait to be written to the operator's log. One that finds no room, or cannot be written, is dropped and counted.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tracing::Level;

use super::log_line::{LogForm, OperatorMessage};
use crate::store::{Clock as _, SystemClock};

/// The number of bytes of lines that may wait to be written; further lines are dropped.
const WAITING: usize = 1024 * 1024;
/// The time that the last lines may take to be written when the server ends.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Takes lines, and never waits.
#[derive(Clone, Debug)]
pub(super) struct LineQueue {
    lines: mpsc::Sender<String>,
    count: Arc<LineCount>,
}

#[derive(Debug, Default)]
struct LineCount {
    /// The bytes that wait to be written.
    waiting: AtomicUsize,
    /// The lines that were dropped, and which the log has not mentioned yet.
    dropped: AtomicU64,
}

impl LineQueue {
    /// Starts a thread that writes the lines, since a pipe that nobody reads blocks its writer.
    pub(super) fn start(form: LogForm, output: impl Write + Send + 'static) -> io::Result<Self> {
        let (sender, lines) = mpsc::channel();
        let count = Arc::new(LineCount::default());
        let counted = Arc::clone(&count);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || write_lines(form, &lines, &counted, output))?;
        Ok(Self { lines: sender, count })
    }

    /// Sends lines to the thread that writes them.
    pub(super) fn send(&self, text: String) {
        let Self { lines, count } = self;
        let length = text.len();
        let before = count.waiting.fetch_add(length, Ordering::Relaxed);
        if (before > 0 && before.saturating_add(length) > WAITING) || lines.send(text).is_err() {
            count.waiting.fetch_sub(length, Ordering::Relaxed);
            count.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns when all lines are written, or after a second.
    pub(super) async fn finish(&self) {
        self.finish_within(LAST_LINES).await;
    }

    /// Returns when all lines are written, or after a time.
    pub(super) async fn finish_within(&self, limit: Duration) {
        let written = async {
            while self.count.waiting.load(Ordering::Relaxed) > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let _ = tokio::time::timeout(limit, written).await;
    }
}

fn write_lines(form: LogForm, lines: &mpsc::Receiver<String>, count: &LineCount, mut output: impl Write) {
    for line in lines {
        let length = line.len();
        let dropped = count.dropped.swap(0, Ordering::Relaxed);
        let said = format!("{dropped} lines of this log could not be written");
        let missing = || form.message(OperatorMessage { level: Level::WARN, request_id: None, text: &said }, SystemClock.now());
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
