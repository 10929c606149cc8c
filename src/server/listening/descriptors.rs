//! The number of connections, and of readers of each database, that the limit on open files allows.

use crate::store::READERS;

/// The most connections, however many files may be open: each has a buffer.
const MOST: usize = 1024;
/// The fewest connections: with a lower limit on files, connections are closed as soon as files run out.
const LEAST: usize = 16;
/// The files of one connection to a database: the file, its log and its index.
const PER_READER: usize = 3;
/// The other files: the standard streams, the runtime's, the listener's, spare connections', and those that are about to be closed.
const OTHERS: usize = 64;
/// Of these, what a server without any client needs.
const FEWEST_OTHERS: usize = 32;
/// The limit where the system does not tell it.
const USUAL_LIMIT: usize = 256;

/// More databases than the limit on open files allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{databases} databases need at least {needed} open files, and the system allows {limit}: raise the limit (`ulimit -n {}`)",
    needed.next_power_of_two()
)]
pub struct TooManyDatabases {
    /// The number of databases.
    pub databases: usize,
    /// The number of files that they need.
    pub needed: usize,
    /// The number that the system allows.
    pub limit: usize,
}

/// Returns how many readers each of these databases can have.
///
/// # Errors
/// Not even one, as far as the system tells its limit.
pub fn readers_each(databases: usize) -> Result<u32, TooManyDatabases> {
    limit().map_or(Ok(READERS), |limit| shared(limit, databases))
}

/// The readers that each database can have, where some files are left for connections.
fn shared(limit: usize, databases: usize) -> Result<u32, TooManyDatabases> {
    let needed = databases.saturating_mul(per_database(1)).saturating_add(FEWEST_OTHERS);
    if needed > limit {
        return Err(TooManyDatabases { databases, needed, limit });
    }
    let left = limit.saturating_sub(OTHERS).saturating_sub(LEAST);
    let fits = |readers: &u32| databases.saturating_mul(per_database(*readers)) <= left;
    Ok((1..=READERS).rev().find(fits).unwrap_or(1))
}

/// The files of one database: of its writer, of its readers, and one to spare.
const fn per_database(readers: u32) -> usize {
    (readers as usize).saturating_add(1).saturating_mul(PER_READER).saturating_add(1)
}

/// Returns how many connections a server with this many databases can have, so that files are left for the databases.
#[must_use]
pub fn most_connections(databases: usize) -> usize {
    within(limit().unwrap_or(USUAL_LIMIT), databases)
}

fn within(limit: usize, databases: usize) -> usize {
    let each = per_database(shared(limit, databases).unwrap_or(1));
    limit.saturating_sub(databases.saturating_mul(each)).saturating_sub(OTHERS).clamp(LEAST, MOST)
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
    fn many_databases_have_fewer_readers_each_and_too_many_are_refused() {
        assert_eq!([1, 40, 60, 80, 110, 140].map(|databases| shared(1024, databases)), [4, 4, 3, 2, 1, 1].map(Ok));
        assert_eq!(shared(64, 1), Ok(1));
        let refused = TooManyDatabases { databases: 40, needed: 312, limit: 256 };
        assert_eq!(shared(256, 40), Err(refused));
        assert!(refused.to_string().ends_with("(`ulimit -n 512`)"), "{refused}");
    }

    #[test]
    fn the_soft_limit_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 524288               files\n";
        assert_eq!(soft_limit(limits), Some(1024));
        assert_eq!(soft_limit("Max open files            unlimited            unlimited            files"), Some(usize::MAX));
        assert_eq!(soft_limit("Max processes 5"), None);
    }
}
