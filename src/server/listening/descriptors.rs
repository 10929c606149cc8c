//! How many connections the limit on open files allows.

/// The most connections, however many files may be open: each has a buffer.
const MOST: usize = 1024;
/// The fewest connections: with a lower limit on files, connections are closed as soon as files run out.
const LEAST: usize = 16;
/// The files of one database: a writer and four readers, each with a file, its log and its index.
const PER_DATABASE: usize = 16;
/// The other files: the standard streams, the runtime's, the listener's, spare connections', and those that are about to be closed.
const OTHERS: usize = 64;
/// The limit where the system does not tell it.
const USUAL_LIMIT: usize = 256;

/// Returns how many connections a server with this many databases can have, so that files are left for the databases.
#[must_use]
pub fn most_connections(databases: usize) -> usize {
    within(limit().unwrap_or(USUAL_LIMIT), databases)
}

fn within(limit: usize, databases: usize) -> usize {
    limit.saturating_sub(databases.saturating_mul(PER_DATABASE)).saturating_sub(OTHERS).clamp(LEAST, MOST)
}

/// The system's limit on open files of this process, where Linux tells it.
fn limit() -> Option<usize> {
    soft_limit(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let soft = line.split_whitespace().next()?;
    if soft == "unlimited" { Some(usize::MAX) } else { soft.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_left_for_the_databases() {
        assert_eq!(within(1024, 1), 944);
        assert_eq!(within(64, 1), LEAST);
        assert_eq!(within(usize::MAX, 20_000), MOST);
    }

    #[test]
    fn the_soft_limit_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 524288               files\n";
        assert_eq!(soft_limit(limits), Some(1024));
        assert_eq!(soft_limit("Max open files            unlimited            unlimited            files"), Some(usize::MAX));
        assert_eq!(soft_limit("Max processes 5"), None);
    }
}
