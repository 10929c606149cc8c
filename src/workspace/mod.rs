//! The workspace's domain: accounts, invitations, blocks, passcodes, rights and supporting records as typed values, and what may become of them.
//!
//! Every function is pure: it receives the rows that were read inside the workspace's lock, and returns the new state with the event to
//! log, or the one reason for refusing. JSON, SQL and sentences are handled elsewhere.

mod account;
mod admission;
mod block;
mod event;
mod grants;
mod guesses;
mod invitation;
mod records;
mod refusal;
mod rights;
#[cfg(test)]
mod tests;
mod wanted;
mod writing;

pub use account::{
    Acting, HandedBy, Handover, NoHandover, TargetAccount, changes, delete, hand_over, is_foreign_to, may_become_main_admin, may_sign_in,
    set_active,
};
pub use admission::{check_changes, check_employee, check_rules, keeps_working, may_change_record, may_come_in};
pub use block::{BlockRequest, WrongNumber, block, check_block, confirms, may_block, numbers, unblock};
pub use event::{Decision, Event, RecordEvent};
pub use grants::{Grant, gives_up_role, main_admins_own, may_grant, may_write_role};
pub use guesses::{Compared, PHONES_WITHIN, compare_word, may_try_phone};
pub use invitation::{invite, resend, state_at, withdraw};
pub use records::{GroupMember, RecordContent, SupportingRecord, may_write_record};
pub use refusal::{Deed, MainAdmins, OwnList, RecordFault, RecordText, Refusal};
pub use rights::{Calls, Giving, Holding, Loss, keeps_own, loses_admin, manages_users, may_call};
pub use wanted::{Employed, EmployeeRecord, Facts, ListElement, OwnLists, Password, WantedUser, check_first_password};
pub use writing::{Changed, PlainUser, change, change_plain, create, create_plain};
