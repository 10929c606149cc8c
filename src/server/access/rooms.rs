//! The memory in which passwords are compared, used again.

use std::sync::{Mutex, PoisonError};

use argon2::Block;

/// The memory of comparisons that are done. One that fills pages of its own for the first time takes a tenth longer.
#[derive(Default)]
pub(super) struct Rooms(Mutex<FreeRooms>);

#[derive(Default)]
struct FreeRooms {
    free: Vec<Vec<Block>>,
    /// So many are in use.
    used: usize,
}

impl Rooms {
    /// Does work in a room, which holds what was left there.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Vec<Block>) -> T) -> T {
        let mut using = Using { rooms: self, room: self.take() };
        work(&mut using.room)
    }

    fn take(&self) -> Vec<Block> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.used += 1;
        known.free.pop().unwrap_or_default()
    }

    /// One is kept when nobody uses any.
    fn give_back(&self, room: Vec<Block>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.used -= 1;
        known.free.push(room);
        if known.used == 0 {
            known.free.truncate(1);
        }
    }
}

/// Gives its room back, also after a panic.
struct Using<'a> {
    rooms: &'a Rooms,
    room: Vec<Block>,
}

impl Drop for Using<'_> {
    fn drop(&mut self) {
        self.rooms.give_back(std::mem::take(&mut self.room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_used_again_and_one_is_kept_when_nobody_uses_any() {
        let rooms = Rooms::default();
        let place = |room: &mut Vec<Block>| {
            room.resize(8, Block::default());
            room.as_ptr()
        };
        let first = rooms.with(place);
        assert_eq!(rooms.with(place), first, "the same memory");
        let (one, two) = rooms.with(|one| (place(one), rooms.with(place)));
        assert!(one == first && two != first, "each has one of its own");
        assert_eq!(rooms.0.lock().unwrap().free.len(), 1);
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| rooms.with(|_| panic!("at work")))).is_err());
        assert_eq!(rooms.0.lock().unwrap().used, 0, "it came back");
    }
}
