//! What happens after the right password.

use crate::model::State;

use super::Stage;

/// What the right password opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A session.
    Session(Stage),
    /// Nothing here: the account is blocked. Only somebody with the right password learns it (AR-20).
    Blocked,
    /// Nothing here: the account is inactive, or nobody accepted it.
    Inactive,
}

/// Decides what the right password of an account opens.
#[must_use]
pub const fn enter(state: &State, must_change: bool) -> Entry {
    match state {
        State { block: Some(_), accepted: true, inactive: false, .. } => Entry::Blocked,
        State { block: Some(_) | None, .. } if !state.accepted || state.inactive => Entry::Inactive,
        State { .. } if must_change => Entry::Session(Stage::ChoosePassword),
        State { .. } => Entry::Session(Stage::Whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Block, BlockReason};

    #[test]
    fn only_an_accepted_active_account_without_a_block_gets_a_session() {
        let active = State { accepted: true, ..State::default() };
        let block = Some(Block { reason: BlockReason::ActivityReview, note: None });
        assert_eq!(enter(&active, false), Entry::Session(Stage::Whole));
        assert_eq!(enter(&active, true), Entry::Session(Stage::ChoosePassword));
        assert_eq!(enter(&State { block: block.clone(), ..active.clone() }, false), Entry::Blocked);
        assert_eq!(enter(&State { inactive: true, ..active.clone() }, false), Entry::Inactive);
        assert_eq!(enter(&State { inactive: true, block, ..active }, false), Entry::Inactive);
        assert_eq!(enter(&State::default(), false), Entry::Inactive);
    }
}
