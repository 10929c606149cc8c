//! The pages of members: accept an invitation, sign in, choose a password, set up a second factor, see and end one's sessions.
//!
//! They work without scripts. GET changes nothing, so programs that open the links of mail use none up. A refusal before the right
//! password has the same bytes for everybody.

mod entering;
mod factor;
mod frame;
mod home;
mod joining;
mod links;
mod mail;
mod outbox;
mod pages;
mod passwords;
mod setup;
mod signing_in;

use frame::{answer, gate, view, visit, words};

pub(in crate::server) use factor::take_away;
pub use frame::page_route::{PageNeeds, PageRoute};
pub use mail::delivery::{Outbox, deliver};
pub(in crate::server) use mail::queue;
pub use pages::all_pages;
pub(in crate::server) use pages::router;
pub use setup::{SetUpError, set_up_link};
