//! The table of pages: every one there is, once.

use std::future::ready;

use axum::Router;
use axum::http::{Method, header};
use axum::routing::get;
use futures::FutureExt;

use super::frame::page_name::{PageName, STYLE};
use super::frame::page_route::{PageNeeds, PageRoute};
use super::visit::Visit;
use super::{factor, home, joining, mail, passwords, profile, setup, signing_in, switching};
use crate::server::App;
use crate::server::route::PREFIX;

/// `METHOD name, needs, handler`; `now` before one that waits for nothing.
macro_rules! page {
    ($method:ident $name:ident, $needs:ident, now $handler:expr) => {
        page!($method $name, $needs, |visit: Visit| ready($handler(&visit)))
    };
    ($method:ident $name:ident, $needs:ident, $handler:expr) => {
        PageRoute { method: Method::$method, path: PageName::$name.template(), needs: PageNeeds::$needs, handler: |visit| ($handler)(visit).boxed() }
    };
}

static PAGES: &[PageRoute] = &[
    page!(GET Home, WholeSession, home::show),
    page!(GET SignIn, Nothing, now signing_in::ask),
    page!(POST SignIn, Nothing, signing_in::sign_in),
    page!(GET SignInCode, Code, now signing_in::code::ask),
    page!(POST SignInCode, Code, signing_in::code::give),
    page!(POST SignOut, AnySession, home::sign_out),
    page!(GET SignedOut, Nothing, now home::signed_out),
    page!(GET OwnRights, WholeSession, profile::own_rights::show),
    page!(GET Sessions, WholeSession, home::sessions),
    page!(POST Sessions, WholeSession, home::end_session),
    page!(POST OtherSessions, WholeSession, home::end_others),
    page!(POST Switch, WholeSession, switching::switch),
    page!(GET Profile, WholeSession, profile::ask),
    page!(POST Profile, WholeSession, profile::save),
    page!(GET Cell, WholeSession, profile::cell::ask),
    page!(POST Cell, WholeSession, profile::cell::send),
    page!(POST CellCode, WholeSession, profile::cell::confirm),
    page!(GET ChangeAddress, WholeSession, profile::address::ask),
    page!(POST ChangeAddress, WholeSession, profile::address::send),
    page!(GET ConfirmAddress, Nothing, profile::address::ask_confirm),
    page!(POST ConfirmAddress, Nothing, profile::address::confirm),
    page!(GET OfferMainAdmin, WholeSession, profile::main_admin::ask),
    page!(POST OfferMainAdmin, WholeSession, profile::main_admin::offer),
    page!(GET BecomeMainAdmin, Nothing, profile::main_admin::ask_accept),
    page!(POST BecomeMainAdmin, Nothing, profile::main_admin::accept),
    page!(GET Password, Password, passwords::ask_change),
    page!(POST Password, Password, passwords::change),
    page!(GET SecondFactor, WholeSession, factor::show),
    page!(GET SetUpFactor, SetUpFactor, factor::set_up::ask),
    page!(POST SetUpFactor, SetUpFactor, factor::set_up::set_up),
    page!(GET RecoveryCodes, WholeSession, factor::changes::ask_codes),
    page!(POST RecoveryCodes, WholeSession, factor::changes::make_codes),
    page!(POST SavedCodes, WholeSession, factor::saved_codes::go_on),
    page!(POST CodesFile, WholeSession, factor::saved_codes::file),
    page!(GET RemoveFactor, WholeSession, factor::changes::ask_remove),
    page!(POST RemoveFactor, WholeSession, factor::changes::remove),
    page!(POST TrustedBrowsers, WholeSession, factor::changes::forget_browsers),
    page!(GET Outbox, Nothing, mail::outbox::show),
    page!(GET AskReset, Nothing, now passwords::ask_reset),
    page!(POST AskReset, Nothing, passwords::send_reset),
    page!(GET Reset, Nothing, passwords::ask_new),
    page!(POST Reset, Nothing, passwords::set_new),
    page!(GET SetUp, Nothing, setup::ask),
    page!(POST SetUp, Nothing, setup::enter),
    page!(GET Join, Nothing, joining::ask),
    page!(POST Join, Nothing, joining::join),
    page!(POST JoinCode, Nothing, joining::send_code),
    page!(POST AskLink, Nothing, joining::again::ask),
];

/// Every page below `/{workspace}`.
pub fn all_pages() -> impl Iterator<Item = &'static PageRoute> {
    PAGES.iter()
}

/// The router of the style sheet, which is a file and asks for nobody.
pub(in crate::server) fn style_router() -> Router<App> {
    Router::new().route(&format!("{PREFIX}{STYLE}"), get(style))
}

async fn style() -> ([(header::HeaderName, &'static str); 3], &'static str) {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("templates/members.css"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_that_has_a_name_has_a_row() {
        for name in PageName::ALL {
            assert!(all_pages().any(|page| page.path == name.template()), "{name:?}");
        }
    }
}
