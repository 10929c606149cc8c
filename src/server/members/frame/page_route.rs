//! A page: one method of one path, and who may ask for it.

use axum::http::Method;
use axum::response::Response;
use futures::future::BoxFuture;

use super::visit::Visit;

/// Who may ask for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageNeeds {
    /// Anybody.
    Nothing,
    /// Somebody who is signed in, also when they must choose a password first.
    Session,
    /// Somebody who is signed in and need not choose a password first.
    WholeSession,
}

/// One method of one page.
pub struct PageRoute {
    /// The method.
    pub method: Method,
    /// The path below `/{workspace}`.
    pub path: &'static str,
    /// Who may ask for it.
    pub needs: PageNeeds,
    pub(in crate::server::members) handler: fn(Visit) -> BoxFuture<'static, Response>,
}
