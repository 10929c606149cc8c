//! The table of open connections, and which of them gives up its place for another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::Instant;

/// The number of further connections that are accepted when all others have a request in progress; only questions about health are answered there.
const SPARE: usize = 16;
/// After so many answers, a connection that has shown no good token keeps no place that somebody else needs, whatever it has in progress: its
/// client could ask without an end, and read none of the answers.
const ANSWERED: usize = 16;
/// The time for which a connection keeps its place: time to read a request that has already arrived.
const GRACE: Duration = Duration::from_millis(500);

/// The open connections.
pub(super) struct Connections {
    most: usize,
    /// The time for which a connection keeps its place, whatever others want it.
    grace: Duration,
    table: Mutex<ConnectionTable>,
}

#[derive(Default)]
struct ConnectionTable {
    last_id: u64,
    open: BTreeMap<u64, LiveConnection>,
}

struct LiveConnection {
    requests_in_progress: usize,
    /// Says whether the rest of a request has not arrived yet.
    is_unfinished: bool,
    /// The number of its requests that were answered.
    answered: usize,
    /// Says whether a request of it came from somebody whom the server knows.
    is_known_caller: bool,
    /// Since when its client has something to send: it was opened, its last request ended, or its present one began.
    waits_since: Instant,
    /// Ends the connection; `None` while it is being started.
    task: Option<AbortHandle>,
}

impl LiveConnection {
    const fn is_idle(&self) -> bool {
        self.requests_in_progress == 0
    }

    /// Returns whether the server waits for the client, who may never send anything: then it keeps no place that somebody else needs.
    const fn waits(&self) -> bool {
        self.is_idle() || self.is_unfinished
    }
}

/// A place for a connection; it is free again when this is dropped.
pub(super) struct ConnectionPlace {
    connections: Arc<Connections>,
    id: u64,
    is_spare: bool,
}

impl Connections {
    /// An empty table for at most this many connections.
    pub(super) fn new(most: usize) -> Self {
        Self { most, grace: GRACE, table: Mutex::default() }
    }

    fn table(&self) -> MutexGuard<'_, ConnectionTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for another connection, if there is one now. The connection that has waited longest may lose its own.
    pub(super) fn place(self: &Arc<Self>) -> Option<ConnectionPlace> {
        let mut table = self.table();
        if table.open.len() >= self.most && !table.close_longest_waiting(self.grace) && !table.close_most_answered() {
            let any_waits = table.open.values().any(LiveConnection::waits);
            if any_waits || table.open.len() >= self.most.saturating_add(SPARE) {
                return None;
            }
        }
        let is_spare = table.open.len() >= self.most;
        table.last_id = table.last_id.wrapping_add(1);
        let id = table.last_id;
        let opened = LiveConnection {
            requests_in_progress: 0,
            is_unfinished: false,
            answered: 0,
            is_known_caller: false,
            waits_since: Instant::now(),
            task: None,
        };
        table.open.insert(id, opened);
        drop(table);
        Some(ConnectionPlace { connections: Arc::clone(self), id, is_spare })
    }

    /// Closes the connection whose client has kept the server waiting longest.
    pub(super) fn close_longest_waiting(&self) {
        self.table().close_longest_waiting(Duration::ZERO);
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
        table.open.values().for_each(LiveConnection::close);
        table.open.values().filter(|connection| !connection.is_idle()).count()
    }

    /// A request of a connection begins.
    pub(super) fn begin(&self, id: u64) {
        if let Some(connection) = self.table().open.get_mut(&id) {
            connection.requests_in_progress = connection.requests_in_progress.saturating_add(1);
            connection.waits_since = Instant::now();
        }
    }

    /// The rest of a connection's request has not arrived yet, or it has.
    pub(super) fn set_unfinished(&self, id: u64, is_unfinished: bool) {
        if let Some(connection) = self.table().open.get_mut(&id) {
            connection.is_unfinished = is_unfinished;
        }
    }

    /// A request of a connection is answered, or was given up.
    pub(super) fn end(&self, id: u64) {
        if let Some(connection) = self.table().open.get_mut(&id) {
            connection.requests_in_progress = connection.requests_in_progress.saturating_sub(1);
            connection.answered = connection.answered.saturating_add(1);
            connection.waits_since = Instant::now();
        }
    }
}

impl LiveConnection {
    fn close(&self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl ConnectionTable {
    /// Closes a connection whose client keeps the server waiting: first one that has never finished a request, then the one that has
    /// waited longest. Returns whether there was one that has waited for at least `least`.
    fn close_longest_waiting(&mut self, least: Duration) -> bool {
        let waiting = self.open.iter().filter(|(_, connection)| connection.waits() && connection.waits_since.elapsed() >= least);
        let Some((&id, _)) = waiting.min_by_key(|(_, connection)| (connection.answered > 0, connection.waits_since)) else { return false };
        if let Some(connection) = self.open.remove(&id) {
            connection.close();
        }
        true
    }
}

impl ConnectionTable {
    /// Closes the connection of a stranger that has had the most answers. Returns whether there was one that has had many.
    fn close_most_answered(&mut self) -> bool {
        let strangers = self.open.iter().filter(|(_, connection)| !connection.is_known_caller && connection.answered >= ANSWERED);
        let Some((&id, _)) = strangers.max_by_key(|(_, connection)| connection.answered) else { return false };
        if let Some(connection) = self.open.remove(&id) {
            connection.close();
        }
        true
    }
}

impl ConnectionPlace {
    /// Returns what tells the table that requests begin and end.
    pub(super) fn progress(&self) -> ConnectionProgress {
        ConnectionProgress::new(Arc::clone(&self.connections), self.id, self.is_spare)
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

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.connections.table().open.remove(&self.id);
    }
}

/// Tells the table of connections what one connection does.
#[derive(Clone)]
pub(super) struct ConnectionProgress {
    connections: Arc<Connections>,
    id: u64,
    is_spare: bool,
}

/// A request in progress.
pub(super) struct InProgress(ConnectionProgress);

impl ConnectionProgress {
    pub(super) const fn new(connections: Arc<Connections>, id: u64, is_spare: bool) -> Self {
        Self { connections, id, is_spare }
    }

    /// Returns whether the connection has one of the spare places, which are for monitors.
    pub(super) const fn is_spare(&self) -> bool {
        self.is_spare
    }

    /// Notes that a request has begun; it ends with the value that is returned.
    pub(super) fn begin(&self) -> InProgress {
        self.connections.begin(self.id);
        InProgress(self.clone())
    }

    /// Notes that a request came from somebody whom the server knows.
    pub(super) fn set_known(&self) {
        if let Some(connection) = self.connections.table().open.get_mut(&self.id) {
            connection.is_known_caller = true;
        }
    }

    /// Notes whether the rest of the request has not arrived yet.
    pub(super) fn set_unfinished(&self, is_unfinished: bool) {
        self.connections.set_unfinished(self.id, is_unfinished);
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

    fn is_open(place: &ConnectionPlace) -> bool {
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
    fn a_connection_without_a_token_that_asks_without_end_keeps_no_place() {
        let connections = table(2, Duration::MAX);
        let (known, stranger) = (connections.place().unwrap(), connections.place().unwrap());
        known.progress().set_known();
        for place in [&known, &stranger] {
            (0..ANSWERED - 1).for_each(|_| drop(place.progress().begin()));
        }
        let in_progress = [known.progress().begin(), stranger.progress().begin()];
        assert!(connections.place().unwrap().is_spare && is_open(&stranger), "it has not asked that often");
        drop(in_progress);
        let _in_progress = [known.progress().begin(), stranger.progress().begin()];
        let newcomer = connections.place().unwrap();
        assert!(!newcomer.is_spare && is_open(&known) && !is_open(&stranger));
    }

    #[test]
    fn a_connection_has_time_to_be_read() {
        let connections = table(1, Duration::MAX);
        let waiting = connections.place().unwrap();
        assert!(connections.place().is_none() && is_open(&waiting));
        // Without descriptors there is no time.
        connections.close_longest_waiting();
        assert!(!is_open(&waiting));
    }

    #[test]
    fn an_unfinished_request_keeps_no_place_until_it_has_arrived() {
        let connections = table(1, Duration::ZERO);
        let slow = connections.place().unwrap();
        let progress = slow.progress();
        let in_progress = progress.begin();
        progress.set_unfinished(true);
        // A stop still waits for it.
        connections.close_idle();
        assert_eq!(connections.close_all(), 1);
        let other = connections.place().unwrap();
        assert!(!is_open(&slow) && !other.is_spare);
        let progress = other.progress();
        let _other_in_progress = progress.begin();
        progress.set_unfinished(true);
        progress.set_unfinished(false);
        assert!(connections.place().unwrap().is_spare && is_open(&other), "it has arrived");
        drop(in_progress);
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
