//! The steps after the right password.

use crate::model::State;

use super::SessionStage;

/// The session or page that the right password opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordOpens {
    /// A session.
    Session(SessionStage),
    /// Nothing here: the account is blocked. Only somebody with the right password learns it (AR-20).
    Blocked,
    /// Nothing here: the account is inactive, or nobody accepted it.
    Inactive,
}

/// The facts about the second factor of somebody who gave the right password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factor {
    /// The login has one.
    pub is_set: bool,
    /// The practice wants one (CHR-5).
    pub is_required: bool,
    /// It was given a moment ago, or the browser is trusted.
    pub is_given: bool,
}

/// Decides what a session may do after the right password: the code first, then a password of one's own, then a second factor.
#[must_use]
pub const fn stage(must_change: bool, factor: Factor) -> SessionStage {
    if factor.is_set && !factor.is_given {
        SessionStage::GiveCode
    } else if must_change {
        SessionStage::ChoosePassword
    } else if factor.is_required && !factor.is_set {
        SessionStage::SetUpFactor
    } else {
        SessionStage::Whole
    }
}

/// Decides what the right password of an account opens: at most a session of this stage.
#[must_use]
pub const fn enter(state: &State, stage: SessionStage) -> PasswordOpens {
    match state {
        State { block: Some(_), accepted: true, inactive: false, .. } => PasswordOpens::Blocked,
        State { block: Some(_) | None, .. } if !state.accepted || state.inactive => PasswordOpens::Inactive,
        State { .. } => PasswordOpens::Session(stage),
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
        for stage in [SessionStage::Whole, SessionStage::GiveCode] {
            assert_eq!(enter(&active, stage), PasswordOpens::Session(stage));
            assert_eq!(enter(&State { block: block.clone(), ..active.clone() }, stage), PasswordOpens::Blocked);
            assert_eq!(enter(&State { inactive: true, ..active.clone() }, stage), PasswordOpens::Inactive);
            assert_eq!(enter(&State { inactive: true, block: block.clone(), ..active.clone() }, stage), PasswordOpens::Inactive);
            assert_eq!(enter(&State::default(), stage), PasswordOpens::Inactive);
        }
    }

    // D4: nothing opens before the second factor, whatever else is to be done.
    #[test]
    fn the_second_factor_comes_before_a_new_password_and_its_setup_last() {
        let at = |must_change, (is_set, is_required, is_given)| stage(must_change, Factor { is_set, is_required, is_given });
        for is_required in [false, true] {
            assert_eq!(at(true, (true, is_required, false)), SessionStage::GiveCode);
            assert_eq!(at(false, (true, is_required, false)), SessionStage::GiveCode);
            assert_eq!(at(false, (true, is_required, true)), SessionStage::Whole);
            assert_eq!(at(true, (true, is_required, true)), SessionStage::ChoosePassword);
            assert_eq!(at(true, (false, is_required, false)), SessionStage::ChoosePassword);
        }
        assert_eq!(at(false, (false, true, true)), SessionStage::SetUpFactor);
        assert_eq!(at(false, (false, false, false)), SessionStage::Whole);
    }
}
