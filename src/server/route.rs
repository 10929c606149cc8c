//! A route: one method of one endpoint.

use std::sync::{Arc, OnceLock};

use std::borrow::Cow;

use axum::http::{Method, Uri};
use axum::response::Response;
use futures::future::BoxFuture;
use percent_encoding::percent_decode_str;

use crate::model::OwnSecret;
use crate::server::health::Health;
use crate::server::members::{TOKEN, around_token, is_page as is_page_at};
use crate::store::ResourceKind;

/// The access that the caller's token must allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Reading.
    Read,
    /// Writing.
    Write,
}

impl Needs {
    /// Returns whether a token must allow writing.
    #[must_use]
    pub const fn is_writing(self) -> bool {
        match self {
            Self::Write => true,
            Self::Read => false,
        }
    }
}

/// One method of one endpoint, as far as a request has to know it.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below `/{workspace}`; variable parts are names in braces.
    pub path: &'static str,
    /// The access that the caller's token must allow.
    pub needs: Needs,
    /// The resource type whose attributes the answer shows.
    pub(super) shows: Option<ResourceKind>,
}

/// The route that a program's request took, for those inside of the router to read.
#[derive(Clone, Copy)]
pub(super) struct Taken(pub(super) &'static Route);

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

/// A part of a path is decoded this number of times to look for a secret.
const MOST_DECODED: usize = 4;

/// The workspace that a URL names, also where no route fits the rest: strangers are answered alike everywhere.
pub(super) fn workspace(uri: &Uri) -> &str {
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    path.split_once('/').map_or(path, |(workspace, _)| workspace)
}

/// A path as logs may show it: the token of a link lets its bearer in, so it is left out (K1), also where no page is at the path.
pub(super) fn shown(path: &str) -> Cow<'_, str> {
    let below = path.strip_prefix('/').and_then(|rest| rest.find('/')).map(|end| path.split_at(end + 1));
    let found = below.and_then(|(workspace, below)| Some((workspace, around_token(below)?)));
    let path = found.map_or(Cow::Borrowed(path), |(workspace, (before, after))| Cow::Owned(format!("{workspace}{before}{TOKEN}{after}")));
    if !path.split('/').any(has_secret) {
        return path;
    }
    let parts = path.split('/').map(|part| if has_secret(part) { TOKEN } else { part });
    Cow::Owned(parts.collect::<Vec<_>>().join("/"))
}

/// Returns whether a part of a path that is shown is in place of a token.
pub(super) fn is_token(part: &str) -> bool {
    part == TOKEN
}

/// Returns whether a page is at a path, without its first slash, that is shown without the token of a link.
pub(super) fn is_page(below: &str) -> bool {
    is_page_at(&format!("/{below}"))
}

/// Returns whether a part of a path contains a secret of ours, as it is or percent-encoded, even more than once or in other letters.
fn has_secret(part: &str) -> bool {
    let mut text = Cow::Borrowed(part);
    for _ in 0..MOST_DECODED {
        if OwnSecret::is_in(&text.to_ascii_lowercase()) {
            return true;
        }
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == text {
            return false;
        }
        text = Cow::Owned(decoded);
    }
    // Nobody encodes a path so often, unless to hide something.
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::all_pages;

    /// Paths with a secret where no page is, such as mail programs, proxies and people make of a link.
    const PLACES: [&str; 14] = [
        "/glow//set-up/S",
        "/set-up/S",
        "/S",
        "S",
        "/glow/Set-Up/S",
        "/glow/setup/S",
        "/glow/set-up%2FS",
        "/glow/set-up%20/S",
        "/a/glow/set-up/S",
        "/glow/S",
        "/glow/scim/v2/Users/S",
        "/glow/set-up/x/S",
        "/glow/set-up/S/S",
        "/glow/set-up/%20S.",
    ];

    #[test]
    fn no_path_is_shown_with_the_token_of_a_link() {
        let mut seen = 0;
        for page in all_pages().filter(|page| page.path.contains("{token}")) {
            let path = format!("/glow{}", page.path);
            assert_eq!(shown(&path.replace("{token}", "rinv_secret")), path);
            seen += 1;
        }
        assert_eq!(seen, 12);
        for kind in OwnSecret::ALL {
            let secret = format!("{}QQ7-hunter_2", kind.prefix());
            let encoded = secret.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
            for secret in [&secret, &encoded, &encoded.replace('%', "%25"), &secret.replace('_', "%5F"), &secret.to_uppercase()] {
                for place in PLACES {
                    let path = place.replace('S', secret);
                    let path = shown(&path);
                    assert!(path.contains("{token}") && !path.contains("QQ7") && !path.contains("%51"), "{place}: {path}");
                }
            }
        }
        assert_eq!(shown("/glow//set-up/rset_x/y"), "/glow//set-up/{token}/y");
        for path in
            ["/glow/reset", "/glow/", "/", "", "/glow/scim/v2/Users/join/x", "/glow/join/", "/glow/main-admin", "/glow/profile/address"]
        {
            assert_eq!(shown(path), path);
        }
    }
}
