//! The pages of members: accept an invitation, sign in, choose a password, set up a second factor, change
//! one's own profile, see and end one's sessions, switch between workspaces.
//!
//! They work without scripts. GET changes nothing, so programs that open the links of mail use none up. A refusal before the right
//! password has the same bytes for everybody.

mod factor;
mod frame;
mod home;
mod joining;
mod links;
mod mail;
mod new_admin;
mod pages;
mod passwords;
mod profile;
mod setup;
mod signing_in;
mod switching;

use frame::{answer, view, visit, words};

pub(in crate::server) use frame::page_name::{TOKEN, around_token, is_page};
pub use frame::page_route::{PageNeeds, PageRoute};
pub use mail::carrier::{Carrier, Post};
pub use mail::delivery::deliver;
pub use mail::gateway::{GatewayForm, GatewayLogin, TextGateway};
pub(in crate::server) use mail::queue;
pub use mail::reset_requests::send_asked_resets;
pub use mail::smtp::{MailEncryption, MailServer};
pub use pages::all_pages;
pub(in crate::server) use pages::style_router;
pub use setup::{SetUpError, move_main_admin, set_up_link};
pub(in crate::server) use signing_in::app::pass as pass_app;
pub use signing_in::app::{AppRoute, all_app_routes};
pub(in crate::server) use signing_in::gate::open as open_page;
pub(in crate::server) use signing_in::open_sessions;
pub(in crate::server) use signing_in::second_factor::take_away;
