//! The endpoints of the app on a member's device: sign in with the password, open the app again with the passcode (AR-11), sign out.
//!
//! They take and give JSON. The app shows its session as a bearer token; cookies count for nothing here, and a session of a browser neither.

mod answers;
mod endpoints;
mod gate;
mod passcode;

use axum::http::Method;
use axum::response::Response;
use futures::FutureExt;
use futures::future::BoxFuture;

pub(in crate::server) use gate::pass;

use crate::model::joined;
use crate::scim::paths::{API, APP};
use crate::server::members::frame::page_route::PageNeeds;
use crate::server::members::visit::Visit;

/// One method of one endpoint of the app.
pub struct AppRoute {
    /// The method.
    pub method: Method,
    /// The path below `/{workspace}`.
    pub path: &'static str,
    /// The people who may call it.
    pub needs: PageNeeds,
    /// The members that its body can have.
    pub takes: &'static [&'static str],
    handler: fn(Visit) -> BoxFuture<'static, Response>,
}

/// `METHOD "path", needs, members of the body, handler`.
macro_rules! endpoint {
    ($method:ident $path:expr, $needs:ident, $takes:expr, $handler:expr) => {
        AppRoute { method: Method::$method, path: $path, needs: PageNeeds::$needs, takes: $takes, handler: |visit| $handler(visit).boxed() }
    };
}

static ENDPOINTS: &[AppRoute] = &[
    endpoint!(POST joined!(API, APP, "/sign-in"), Nothing, &["email", "password", "device", "deviceName"], endpoints::sign_in),
    endpoint!(POST joined!(API, APP, "/sign-in/code"), Code, &["code", "with", "device", "deviceName"], endpoints::code),
    endpoint!(POST joined!(API, APP, "/passcode"), Nothing, &["device", "passcode", "deviceName"], passcode::open),
    endpoint!(GET joined!(API, APP, "/session"), WholeSession, &[], endpoints::session),
    endpoint!(POST joined!(API, APP, "/sign-out"), AnySession, &[], endpoints::sign_out),
];

/// Every endpoint of the app below `/{workspace}`.
pub fn all_app_routes() -> impl Iterator<Item = &'static AppRoute> {
    ENDPOINTS.iter()
}
