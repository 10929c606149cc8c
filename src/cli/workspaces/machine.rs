//! Says where a run takes place, for the user log of a workspace in a file of this machine.

use crate::report::clean;

/// The most characters of each of the two names.
const LONGEST: usize = 100;

/// Returns the person and the machine, as `user@machine`; `None` if the system says neither.
pub(in crate::cli) fn origin() -> Option<String> {
    match (user(), name()) {
        (None, None) => None,
        (Some(user), None) => Some(user),
        (user, Some(name)) => Some(format!("{}@{name}", user.unwrap_or_default())),
    }
}

fn user() -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable)
}

fn name() -> Option<String> {
    let from_system = std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::fs::read_to_string("/etc/hostname"));
    from_system.ok().and_then(|text| usable(&text)).or_else(|| ["HOSTNAME", "COMPUTERNAME"].into_iter().find_map(variable))
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
fn variable(name: &str) -> Option<String> {
    usable(&std::env::var(name).ok()?)
}

/// Returns a name on one line, if there is one.
fn usable(text: &str) -> Option<String> {
    let text: String = clean(text.trim()).chars().take(LONGEST).collect();
    Some(text).filter(|text| !text.is_empty())
}
