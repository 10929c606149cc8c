//! The table of open connections, and which of them gives up its place for another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::Instant;

/// How many connections more are accepted when all others have a request in progress; only questions about health are answered there.
const SPARE: usize = 16;
/// How long a connection keeps its place: time to read a request that has already arrived.
const GRACE: Duration = Duration::from_millis(500);

/// The open connections.
pub(super) struct Connections {
    most: usize,
    /// How long a connection keeps its place, whatever others want it.
    grace: Duration,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    last_id: u64,
    open: BTreeMap<u64, Connection>,
}

struct Connection {
    requests_in_progress: usize,
    /// Whether a request of it was answered.
    is_known: bool,
    /// When it was opened, or its last request ended.
    idle_since: Instant,
    /// Ends the connection; `None` while it is being started.
    task: Option<AbortHandle>,
}

impl Connection {
    const fn is_idle(&self) -> bool {
        self.requests_in_progress == 0
    }
}

/// A place for a connection; it is free again when this is dropped.
pub(super) struct Place {
    connections: Arc<Connections>,
    id: u64,
    is_spare: bool,
}

impl Connections {
    /// An empty table for at most this many connections.
    pub(super) fn new(most: usize) -> Self {
        Self { most, grace: GRACE, table: Mutex::default() }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for another connection, if there is one now. The connection that has waited longest may lose its own.
    pub(super) fn place(self: &Arc<Self>) -> Option<Place> {
        let mut table = self.table();
        if table.open.len() >= self.most && !table.close_longest_idle(self.grace) {
            let any_idle = table.open.values().any(Connection::is_idle);
            if any_idle || table.open.len() >= self.most.saturating_add(SPARE) {
                return None;
            }
        }
        let is_spare = table.open.len() >= self.most;
        table.last_id = table.last_id.wrapping_add(1);
        let id = table.last_id;
        let opened = Connection { requests_in_progress: 0, is_known: false, idle_since: Instant::now(), task: None };
        table.open.insert(id, opened);
        drop(table);
        Some(Place { connections: Arc::clone(self), id, is_spare })
    }

    /// Closes the connection that has waited longest without a request.
    pub(super) fn close_longest_idle(&self) {
        self.table().close_longest_idle(Duration::ZERO);
    }

    /// Closes the connections without a request in progress.
    pub(super) fn close_idle(&self) {
        for connection in self.table().open.values().filter(|connection| connection.is_idle()) {
            connection.close();
        }
    }

    /// Closes all connections, and returns how many had a request in progress.
    pub(super) fn close_all(&self) -> usize {
        let table = self.table();
        table.open.values().for_each(Connection::close);
        table.open.values().filter(|connection| !connection.is_idle()).count()
    }

    /// A request of a connection begins.
    pub(super) fn begin(&self, id: u64) {
        if let Some(connection) = self.table().open.get_mut(&id) {
            connection.requests_in_progress = connection.requests_in_progress.saturating_add(1);
        }
    }

    /// A request of a connection is answered, or was given up.
    pub(super) fn end(&self, id: u64) {
        if let Some(connection) = self.table().open.get_mut(&id) {
            connection.requests_in_progress = connection.requests_in_progress.saturating_sub(1);
            connection.is_known = true;
            connection.idle_since = Instant::now();
        }
    }
}

impl Connection {
    fn close(&self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl Table {
    /// Closes an idle connection: first one that has never sent a request, then the one that has waited longest. Returns whether there
    /// was one that has been idle for at least `least`.
    fn close_longest_idle(&mut self, least: Duration) -> bool {
        let idle = self.open.iter().filter(|(_, connection)| connection.is_idle() && connection.idle_since.elapsed() >= least);
        let Some((&id, _)) = idle.min_by_key(|(_, connection)| (connection.is_known, connection.idle_since)) else { return false };
        if let Some(connection) = self.open.remove(&id) {
            connection.close();
        }
        true
    }
}

impl Place {
    /// What tells the table that requests begin and end.
    pub(super) fn progress(&self) -> Progress {
        Progress::new(Arc::clone(&self.connections), self.id, self.is_spare)
    }

    /// Serves the connection in a task of its own, which gives the place back when it ends.
    pub(super) fn start(self, serving: impl Future<Output = ()> + Send + 'static) {
        let (connections, id) = (Arc::clone(&self.connections), self.id);
        let task = tokio::spawn(async move {
            let _place = self;
            serving.await;
        });
        if let Some(connection) = connections.table().open.get_mut(&id) {
            connection.task = Some(task.abort_handle());
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.table().open.remove(&self.id);
    }
}

/// Tells the table of connections what one connection does.
#[derive(Clone)]
pub(super) struct Progress {
    connections: Arc<Connections>,
    id: u64,
    is_spare: bool,
}

/// A request in progress.
pub(super) struct InProgress(Progress);

impl Progress {
    pub(super) const fn new(connections: Arc<Connections>, id: u64, is_spare: bool) -> Self {
        Self { connections, id, is_spare }
    }

    /// Whether the connection has one of the spare places, which are for monitors.
    pub(super) const fn is_spare(&self) -> bool {
        self.is_spare
    }

    /// Notes that a request has begun; it ends with the value that is returned.
    pub(super) fn begin(&self) -> InProgress {
        self.connections.begin(self.id);
        InProgress(self.clone())
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.connections.end(self.0.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(most: usize, grace: Duration) -> Arc<Connections> {
        Arc::new(Connections { grace, ..Connections::new(most) })
    }

    fn is_open(place: &Place) -> bool {
        place.connections.table().open.contains_key(&place.id)
    }

    #[test]
    fn the_place_of_a_connection_with_a_request_in_progress_is_never_taken() {
        let connections = table(2, Duration::ZERO);
        let busy = connections.place().unwrap();
        let in_progress = busy.progress().begin();
        let waiting = connections.place().unwrap();
        let third = connections.place().unwrap();
        assert!(is_open(&busy) && !is_open(&waiting) && is_open(&third) && !third.is_spare);
        drop(in_progress);
        drop(connections.place().unwrap());
        assert!(is_open(&busy) && !is_open(&third), "the one that has asked stays");
    }

    #[test]
    fn a_connection_has_time_to_be_read() {
        let connections = table(1, Duration::MAX);
        let waiting = connections.place().unwrap();
        assert!(connections.place().is_none() && is_open(&waiting));
        // Without descriptors there is no time.
        connections.close_longest_idle();
        assert!(!is_open(&waiting));
    }

    #[test]
    fn a_few_places_are_spare_when_all_others_are_in_progress() {
        let connections = table(1, Duration::ZERO);
        let mut places = Vec::new();
        while let Some(place) = connections.place() {
            let in_progress = place.progress().begin();
            places.push((place, in_progress));
        }
        let spare: Vec<bool> = places.iter().map(|(place, _)| place.is_spare).collect();
        assert_eq!(spare, [vec![false], vec![true; SPARE]].concat());
        assert_eq!(connections.close_all(), 1 + SPARE);
    }
}
