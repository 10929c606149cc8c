//! The table of pages: every one there is, once.

use std::future::ready;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::routing::{MethodFilter, get, on};
use futures::FutureExt;

use super::frame::page_route::{PageNeeds, PageRoute};
use super::visit::Visit;
use super::{factor, gate, home, joining, mail, passwords, profile, setup, signing_in, switching};
use crate::server::App;
use crate::server::route::PREFIX;

/// `METHOD "path" needs: handler`; `now` before one that waits for nothing.
macro_rules! page {
    ($method:ident $path:literal, $needs:ident, now $handler:expr) => {
        page!($method $path, $needs, |visit: Visit| ready($handler(&visit)))
    };
    ($method:ident $path:literal, $needs:ident, $handler:expr) => {
        PageRoute { method: Method::$method, path: $path, needs: PageNeeds::$needs, handler: |visit| ($handler)(visit).boxed() }
    };
}

static PAGES: &[PageRoute] = &[
    page!(GET "/", WholeSession, home::show),
    page!(GET "/sign-in", Nothing, now signing_in::ask),
    page!(POST "/sign-in", Nothing, signing_in::sign_in),
    page!(GET "/sign-in/code", Code, now signing_in::code::ask),
    page!(POST "/sign-in/code", Code, signing_in::code::give),
    page!(POST "/sign-out", AnySession, home::sign_out),
    page!(GET "/signed-out", Nothing, now home::signed_out),
    page!(GET "/sessions", WholeSession, home::sessions),
    page!(POST "/sessions", WholeSession, home::end_session),
    page!(POST "/sessions/others", WholeSession, home::end_others),
    page!(POST "/switch", WholeSession, switching::switch),
    page!(GET "/profile", WholeSession, profile::ask),
    page!(POST "/profile", WholeSession, profile::save),
    page!(GET "/profile/cell", WholeSession, profile::cell::ask),
    page!(POST "/profile/cell", WholeSession, profile::cell::send),
    page!(POST "/profile/cell/code", WholeSession, profile::cell::confirm),
    page!(GET "/profile/address", WholeSession, profile::address::ask),
    page!(POST "/profile/address", WholeSession, profile::address::send),
    page!(GET "/address/{token}", Nothing, profile::address::ask_confirm),
    page!(POST "/address/{token}", Nothing, profile::address::confirm),
    page!(GET "/main-admin", WholeSession, profile::office::ask),
    page!(POST "/main-admin", WholeSession, profile::office::offer),
    page!(GET "/main-admin/{token}", Nothing, profile::office::ask_take),
    page!(POST "/main-admin/{token}", Nothing, profile::office::take),
    page!(GET "/password", Password, passwords::ask_change),
    page!(POST "/password", Password, passwords::change),
    page!(GET "/second-factor", WholeSession, factor::show),
    page!(GET "/second-factor/set-up", SetUpFactor, factor::set_up::ask),
    page!(POST "/second-factor/set-up", SetUpFactor, factor::set_up::set_up),
    page!(GET "/second-factor/recovery-codes", WholeSession, factor::changes::ask_codes),
    page!(POST "/second-factor/recovery-codes", WholeSession, factor::changes::make_codes),
    page!(GET "/second-factor/remove", WholeSession, factor::changes::ask_remove),
    page!(POST "/second-factor/remove", WholeSession, factor::changes::remove),
    page!(POST "/second-factor/trusted-browsers", WholeSession, factor::changes::forget_browsers),
    page!(GET "/outbox", Nothing, mail::outbox::show),
    page!(GET "/reset", Nothing, now passwords::ask_reset),
    page!(POST "/reset", Nothing, passwords::send_reset),
    page!(GET "/reset/{token}", Nothing, passwords::ask_new),
    page!(POST "/reset/{token}", Nothing, passwords::set_new),
    page!(GET "/set-up/{token}", Nothing, setup::ask),
    page!(POST "/set-up/{token}", Nothing, setup::enter),
    page!(GET "/join/{token}", Nothing, joining::ask),
    page!(POST "/join/{token}", Nothing, joining::join),
    page!(POST "/join/{token}/code", Nothing, joining::send_code),
];

/// Every page below `/{workspace}`.
pub fn all_pages() -> impl Iterator<Item = &'static PageRoute> {
    PAGES.iter()
}

/// The router of the pages.
pub(in crate::server) fn router() -> Router<App> {
    let mut router = Router::new();
    for page in all_pages() {
        let Ok(method) = MethodFilter::try_from(page.method.clone()) else { continue };
        let open = move |State(app): State<App>, request: Request| gate::open(app, page, request);
        router = router.route(&format!("{PREFIX}{}", page.path), on(method, open));
    }
    router.route(&format!("{PREFIX}/assets/members.css"), get(style))
}

async fn style() -> ([(header::HeaderName, &'static str); 3], &'static str) {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("templates/members.css"))
}
