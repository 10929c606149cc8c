//! Named points at which a test kills the process. Without the feature `failpoints` they do nothing.
//!
//! `ROSTERCTL_FAILPOINT=POINT:N` kills the process when it reaches the point for the N-th time. The file named in
//! `ROSTERCTL_FAILPOINT_LOG` gets a line for each kill, so that a test sees which points were never reached.

use crate::model::with_all;

with_all! {
    /// A point between two effects of an apply.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Point {
        /// Before a saved plan is compared with the workspace.
        PlanCheck,
        /// Before the first change of a workspace.
        FirstOp,
        /// Before a change is journaled.
        BeforeIntent,
        /// After a change is journaled, before it is sent.
        AfterIntent,
        /// The request is lost on its way to the server.
        SentNotApplied,
        /// The server has acted, and its answer is lost.
        AppliedAnswerLost,
        /// The answer has arrived, and is not journaled yet.
        AnsweredNotJournaled,
        /// Everything is done, and the process has not ended yet.
        Exit,
    }
}

impl Point {
    /// The word of the environment variable.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlanCheck => "plan-check",
            Self::FirstOp => "first-op",
            Self::BeforeIntent => "before-intent",
            Self::AfterIntent => "after-intent",
            Self::SentNotApplied => "sent-not-applied",
            Self::AppliedAnswerLost => "applied-answer-lost",
            Self::AnsweredNotJournaled => "answered-not-journaled",
            Self::Exit => "exit",
        }
    }
}

/// Does nothing.
#[cfg(not(feature = "failpoints"))]
pub const fn hit(_: Point) {}

/// Kills the process if the environment names this point.
#[cfg(feature = "failpoints")]
#[expect(clippy::disallowed_methods, reason = "the feature is for tests, which steer it by environment")]
pub fn hit(point: Point) {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static WANTED: LazyLock<Option<(String, usize)>> = LazyLock::new(|| {
        let wanted = std::env::var("ROSTERCTL_FAILPOINT").ok()?;
        let (point, nth) = wanted.split_once(':')?;
        Some((point.to_owned(), nth.parse().ok()?))
    });
    static HITS: AtomicUsize = AtomicUsize::new(0);

    let Some((wanted, nth)) = &*WANTED else { return };
    if wanted != point.as_str() || HITS.fetch_add(1, Ordering::SeqCst) + 1 != *nth {
        return;
    }
    if let Ok(path) = std::env::var("ROSTERCTL_FAILPOINT_LOG")
        && let Ok(mut log) = std::fs::OpenOptions::new().create(true).append(true).open(path)
    {
        let _ = std::io::Write::write_all(&mut log, format!("{}\n", point.as_str()).as_bytes());
    }
    // SIGKILL cannot be caught; abort would still run the runtime's handlers.
    let _ = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    loop {
        std::thread::park();
    }
}
