//! A route: one method of one endpoint.

use std::sync::{Arc, OnceLock};

use axum::http::{Method, Uri};
use axum::response::Response;
use futures::future::BoxFuture;

use crate::server::call::Call;
use crate::server::health::Health;

/// The access that the caller's token must allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Reading.
    Read,
    /// Writing.
    Write,
}

/// One method of one endpoint.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below `/{workspace}`; variable parts are names in braces.
    pub path: &'static str,
    /// The access that the caller's token must allow.
    pub needs: Needs,
    /// The resource type whose attributes the answer shows, by name.
    pub(super) shows: Option<&'static str>,
    pub(super) handler: fn(Call) -> BoxFuture<'static, Response>,
}

/// One method of one endpoint that is outside of every workspace. Anybody may call it.
pub struct PublicRoute {
    /// The method.
    pub method: Method,
    /// The whole path.
    pub path: &'static str,
    pub(super) handler: fn(Health) -> BoxFuture<'static, Response>,
}

/// The template of the route that a request took, for those outside of the router to read.
#[derive(Clone, Default)]
pub(super) struct RouteName(Arc<OnceLock<&'static str>>);

impl RouteName {
    /// Notes the template; the first one counts.
    pub(super) fn set(&self, template: &'static str) {
        let _ = self.0.set(template);
    }

    /// The template; `None` as long as no route was found.
    pub(super) fn get(&self) -> Option<&'static str> {
        self.0.get().copied()
    }
}

/// The beginning of every template of the router.
pub(super) const PREFIX: &str = "/{workspace}";

/// The workspace that a URL names, also where no route fits the rest: strangers are answered alike everywhere.
pub(super) fn workspace(uri: &Uri) -> &str {
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    path.split_once('/').map_or(path, |(workspace, _)| workspace)
}
