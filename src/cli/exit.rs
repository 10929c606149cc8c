//! The exit codes, and which of them wins if several apply.

use std::process::ExitCode;

/// The result of a run, as its exit code. The order of the cases is their precedence: 1, 6, 4, 5, 3, 2, 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum Exit {
    /// An error in usage, input or connection.
    Error,
    /// The run was not authorized, or not confirmed.
    Unconfirmed,
    /// A guard stopped a workspace.
    Stopped,
    /// Something changed after the plan was made.
    Stale,
    /// The plan was applied in part, or with refusals left.
    Partial,
    /// Changes are pending (`plan --detailed-exitcode`).
    Pending,
    /// Everything was done, or there was nothing to do.
    Done,
}

impl Exit {
    /// Returns the number that a shell sees.
    #[must_use]
    pub(in crate::cli) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Pending => 2,
            Self::Partial => 3,
            Self::Stopped => 4,
            Self::Stale => 5,
            Self::Unconfirmed => 6,
        }
    }

    /// Returns the exit code that takes precedence; `Done` if there is none.
    #[must_use]
    pub(in crate::cli) fn first(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().min().unwrap_or(Self::Done)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    const ALL: [Exit; 7] = [Exit::Error, Exit::Unconfirmed, Exit::Stopped, Exit::Stale, Exit::Partial, Exit::Pending, Exit::Done];

    #[test]
    fn the_first_of_1_6_4_5_3_2_wins() {
        let order: Vec<u8> = ALL.into_iter().map(Exit::code).collect();
        assert_eq!(order, [1, 6, 4, 5, 3, 2, 0]);
        for (position, strong) in ALL.into_iter().enumerate() {
            for weak in ALL.into_iter().skip(position) {
                assert_eq!(Exit::first([weak, strong]), strong);
                assert_eq!(Exit::first([strong, weak]), strong);
            }
        }
        assert_eq!(Exit::first([]), Exit::Done);
    }
}
