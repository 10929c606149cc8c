//! Block and unblock (AR-18 to AR-26).

use crate::model::AccountChange;
use crate::model::transition::{Terms, next_state};
use crate::model::{Action, Block, Field, Fields, State};
use crate::platform::{Catalog, phone_form};

use super::{Acting, Decision, Deed, Event, Refusal, TargetAccount};

/// Digits of a confirming number that the log keeps (AR-19).
const DIGITS_KEPT: usize = 4;

/// A block as an admin asks for it.
#[derive(Clone, Debug)]
pub struct BlockRequest<'a> {
    /// Reason and note.
    pub block: Block,
    /// The number the acting admin typed; `None` where they typed none.
    pub typed: Option<&'a str>,
    /// The acting admin's own fields.
    pub own: &'a Fields,
    /// The fields of the account to be blocked.
    pub target: &'a Fields,
}

/// Refuses a caller who may not block or unblock (AR-18, AR-22).
///
/// # Errors
/// The acting account lacks the privilege.
pub fn may_block(catalog: &Catalog, acting: &Acting<'_>) -> Result<(), Refusal> {
    match &catalog.blocks_users {
        Some(privilege) if !acting.privileges.contains(privilege) => Err(Refusal::CannotBlock { privilege: privilege.clone() }),
        Some(_) | None => Ok(()),
    }
}

/// Refuses a block that does not say why (AR-26).
///
/// # Errors
/// The reason is `other`, and there is no note.
pub fn check_block(block: &Block) -> Result<(), Refusal> {
    if block.reason.is_in_note() && block.note.is_none() { Err(Refusal::NoNote) } else { Ok(()) }
}

/// Blocks an account that may be blocked by the acting one; `None` where it is blocked just so already.
///
/// # Errors
/// The note is missing, or the number does not confirm it.
pub fn block(target: &TargetAccount<'_>, request: &BlockRequest<'_>, terms: &Terms<'_>) -> Result<Option<Decision>, Refusal> {
    let wanted = &request.block;
    check_block(wanted)?;
    let digits = confirmed(request)?;
    if target.state.block.as_ref() == Some(wanted) {
        return Ok(None);
    }
    let state = next_state(target.state, &AccountChange::Block(wanted.clone()), terms)
        .map_err(|why| Refusal::State { action: Action::Block, why })?;
    Ok(Some(Decision { state, event: Event::Blocked { digits } }))
}

/// Lifts a block, and nothing else: what it ended stays ended (AR-22). `None` if there is no block.
///
/// # Errors
/// The state of the account does not allow it.
pub fn unblock(state: &State, terms: &Terms<'_>) -> Result<Option<Decision>, Refusal> {
    if state.block.is_none() {
        return Ok(None);
    }
    let state = next_state(state, &AccountChange::Unblock, terms).map_err(|why| Refusal::State { action: Action::Unblock, why })?;
    Ok(Some(Decision { state, event: Event::Unblocked }))
}

impl TargetAccount<'_> {
    /// Refuses to block the acting account or the main admin's (AR-20).
    ///
    /// # Errors
    /// It is one of the two.
    pub fn may_be_blocked_by(&self, acting: &Acting<'_>) -> Result<(), Refusal> {
        self.is_not(acting, Deed::Block)?;
        self.is_not_main_admin(Deed::Block)
    }
}

/// Compares the number with the acting admin's own (AR-19); the last digits of a right one.
fn confirmed(request: &BlockRequest<'_>) -> Result<String, Refusal> {
    let number = phone_form(request.typed.ok_or(Refusal::NoPhone)?).ok_or(Refusal::NotAPhone)?;
    let digits: String = number.get(number.len().saturating_sub(DIGITS_KEPT)..).unwrap_or_default().to_owned();
    match confirms(Some(request.own), Some(request.target), &number) {
        Ok(()) => Ok(digits),
        Err(WrongNumber::OfTarget) => Err(Refusal::PhoneOfTarget { digits }),
        Err(WrongNumber::OfAnother) => Err(Refusal::PhoneOfAnother { digits }),
    }
}

/// The reason why a phone number does not confirm a block (AR-19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongNumber {
    /// It belongs to the person who is to be blocked.
    OfTarget,
    /// It does not belong to the acting admin.
    OfAnother,
}

/// Compares a number, as E.164, with those of the acting admin and of the person who is to be blocked (AR-19).
///
/// # Errors
/// If it does not confirm the block.
pub fn confirms(own: Option<&Fields>, target: Option<&Fields>, number: &str) -> Result<(), WrongNumber> {
    let has = |account: Option<&Fields>| account.is_some_and(|account| numbers(account).any(|held| held == number));
    if has(target) {
        return Err(WrongNumber::OfTarget);
    }
    if has(own) { Ok(()) } else { Err(WrongNumber::OfAnother) }
}

/// The phone numbers of an account, as E.164.
pub fn numbers(account: &Fields) -> impl Iterator<Item = String> {
    account.items(Field::Phones).into_iter().filter_map(phone_form)
}
