//! Answers with a page, and the headers of every page.

use askama::Template as _;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};

use super::view::Page;
use crate::members::{DEVICE_DAYS, TRUST_DAYS, Wait};
use crate::model::DAY;
use crate::server::answer::put;

/// Nothing but what this server sends is loaded, and no script runs.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page.
pub(in crate::server::members) fn page(status: StatusCode, page: &Page) -> Response {
    // A template over plain values cannot fail.
    let mut response = Response::new(page.render().unwrap_or_default().into());
    *response.status_mut() = status;
    put(&mut response, header::CONTENT_TYPE, Some("text/html; charset=utf-8"));
    response
}

/// A page for somebody who has to wait; the header says for how many seconds.
pub(in crate::server::members) fn wait(wait: Wait, page: &Page) -> Response {
    let mut response = self::page(StatusCode::TOO_MANY_REQUESTS, page);
    let seconds = wait.millis.saturating_add(999).div_euclid(1000).max(1);
    put(&mut response, header::RETRY_AFTER, Some(&seconds.to_string()));
    response
}

/// Goes on with another page, by GET.
pub(in crate::server::members) fn go(path: &str) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    put(&mut response, header::LOCATION, Some(path));
    response
}

/// Sets the headers that every page has, whatever its status.
pub(in crate::server::members) fn with_headers(mut response: Response, is_encrypted: bool) -> Response {
    if is_encrypted {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        // `no-referrer` would make browsers send `Origin: null` with forms.
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
        ("x-robots-tag", "noindex"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The name of a workspace's cookie.
pub(in crate::server::members) fn cookie_name(workspace: &str) -> String {
    format!("__Host-rosterctl-{workspace}")
}

/// Gives the browser the secret of a session; it keeps it until it is closed.
pub(in crate::server::members) fn set_cookie(response: &mut Response, workspace: &str, secret: &str) {
    let cookie = Cookie::build((cookie_name(workspace), secret.to_owned()));
    let cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    put(response, header::SET_COOKIE, Some(&cookie.to_string()));
}

/// The name of the cookie of a trusted browser; no session's begins in this way.
pub(in crate::server::members) fn trust_cookie_name(workspace: &str) -> String {
    format!("__Host-rosterctl_trust-{workspace}")
}

/// Gives the browser the secret with which it skips the second factor.
pub(in crate::server::members) fn add_trust_cookie(response: &mut Response, workspace: &str, secret: &str) {
    add_lasting_cookie(response, &trust_cookie_name(workspace), secret, TRUST_DAYS);
}

/// The name of the cookie of a browser in which the password was typed; no session's begins in this way.
pub(in crate::server::members) fn known_cookie_name(workspace: &str) -> String {
    format!("__Host-rosterctl_known-{workspace}")
}

/// Gives the browser the secret by which it is known: wrong passwords that others type do not count there.
pub(in crate::server::members) fn add_known_cookie(response: &mut Response, workspace: &str, secret: &str) {
    add_lasting_cookie(response, &known_cookie_name(workspace), secret, DEVICE_DAYS);
}

fn add_lasting_cookie(response: &mut Response, name: &str, secret: &str, days: i64) {
    let cookie = Cookie::build((name.to_owned(), secret.to_owned()));
    let cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    let text = format!("{cookie}; Max-Age={}", days * DAY / 1000);
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Makes the browser forget the session.
pub(in crate::server::members) fn forget_cookie(response: &mut Response, workspace: &str) {
    let cookie = Cookie::build((cookie_name(workspace), ""));
    let mut cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    cookie.make_removal();
    put(response, header::SET_COOKIE, Some(&cookie.to_string()));
}
