//! Says whose an account may be that has a user's address in `emails` and is known by another one: only the address that identifies an account
//! decides whose it is, since `emails` may repeat an old login, or name somebody else.

use std::collections::BTreeSet;

use crate::model::{Account, Actual, DesiredUser, NoticeCause, RefusalCause, RemoteId};

use crate::reconcile::draft::{PlanDraft, user};

/// An account that has a user's address besides its own.
#[derive(Clone, Copy)]
pub(in crate::reconcile) struct Holder<'a> {
    pub(in crate::reconcile) account: &'a Account,
    /// Says whether it belongs to another user of the roster.
    pub(in crate::reconcile) is_anothers: bool,
}

/// The ids of the accounts that have the address of a user, or a former one, besides the address that identifies them.
pub(in crate::reconcile) fn holders<'a>(actual: &'a Actual, wanted: &DesiredUser) -> BTreeSet<&'a RemoteId> {
    let addresses = wanted.addresses();
    addresses.filter_map(|address| actual.other_addresses.get(address)).flatten().collect()
}

/// Says which accounts seem to be a user's, who has one already or none. Returns whether nothing can be done for the user before a person has
/// said whose they are.
pub(in crate::reconcile) fn say(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, has_account: bool, holders: &[Holder<'_>]) -> bool {
    let leaves = !wanted.status.is_active() || wanted.is_blocked();
    let mut is_unclear = false;
    for Holder { account, is_anothers } in holders {
        let (id, login) = (account.id.clone(), account.email.clone());
        // Colleagues may share an address, and an inactive account gives nobody access.
        if leaves && account.state.inactive || *is_anothers && has_account && !leaves {
            continue;
        }
        // Under an exact roster, an account that nobody has ends anyway.
        let ends_anyway = leaves && draft.desired.manage.removes_unlisted();
        if *is_anothers || ends_anyway || has_account && !leaves {
            draft.notice(user(&wanted.email), NoticeCause::AddressOfAnother { id, login });
            continue;
        }
        draft.refuse(user(&wanted.email), RefusalCause::PerhapsTheirs { id, login, leaves });
        is_unclear |= !leaves;
    }
    is_unclear
}
