//! Named points where a test kills the process; without the feature `failpoints` they are nothing.
//!
//! `ROSTERCTL_FAILPOINT=POINT:N` kills at the N-th time the point is reached; `ROSTERCTL_FAILPOINT_LOG` names a file that
//! gets a line for each kill, so that a test can tell a point that was hit from one that never came.

/// A point between two effects of an apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Before a saved plan is compared with the workspace.
    PlanCheck,
    /// Before the first change of a workspace.
    FirstOp,
    /// Before a change is journaled.
    BeforeIntent,
    /// Journaled, not sent.
    AfterIntent,
    /// Sent; the server never sees it.
    SentNotApplied,
    /// The server acted; its answer does not arrive.
    AppliedAnswerLost,
    /// The answer arrived; it is not journaled.
    AnsweredNotJournaled,
    /// All is done but the leaving.
    Exit,
}

impl Point {
    /// Every point.
    pub const ALL: [Self; 8] = [
        Self::PlanCheck,
        Self::FirstOp,
        Self::BeforeIntent,
        Self::AfterIntent,
        Self::SentNotApplied,
        Self::AppliedAnswerLost,
        Self::AnsweredNotJournaled,
        Self::Exit,
    ];

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

/// Marks a point.
#[cfg(not(feature = "failpoints"))]
pub const fn hit(_: Point) {}

/// Marks a point, and kills the process where the environment asks for it.
#[cfg(feature = "failpoints")]
#[allow(clippy::disallowed_methods, reason = "the feature is for tests, which steer it by environment")]
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
    // SIGKILL, which nothing can catch: abort would still run the runtime's handlers.
    let _ = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    loop {
        std::thread::park();
    }
}
