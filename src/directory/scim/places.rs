//! Addresses in requests and answers: where a server sends a request on to, and whose address one is.

use http::{HeaderMap, Method, StatusCode, header::LOCATION};
use url::Url;

use crate::model::RemoteId;
use crate::scim::climbs;

/// Returns where a server redirects a request to, if that is below the base address and the request stays what it is (RFC 9110 section 15.4).
pub(super) fn redirected(base: &str, method: &Method, at: &str, status: StatusCode, headers: &HeaderMap) -> Option<String> {
    let is_kept = match status.as_u16() {
        307 | 308 => true,
        301 | 302 => *method == Method::GET,
        _ => false,
    };
    let location = headers.get(LOCATION).filter(|_| is_kept)?.to_str().ok()?;
    let target = Url::parse(at).ok()?.join(location).ok()?;
    let below = target.as_str().strip_prefix(base)?;
    (below.starts_with('/') && target.as_str() != at).then(|| target.into())
}

/// Returns the id at the end of an address.
pub(super) fn id_at(address: &str) -> Option<RemoteId> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().filter(|id| !id.is_empty())?;
    Some(RemoteId(percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned()))
}

/// Returns whether an address is another one than it looks like. Some servers decode an address before they read it.
pub(super) fn leads_elsewhere(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    climbs(&percent_encoding::percent_decode_str(path).decode_utf8_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://scim.example/v2";

    // N6
    #[test]
    fn a_request_is_sent_on_below_the_base_address_only_and_stays_what_it_is() {
        let at = format!("{BASE}/Users?count=1");
        let target = |method: Method, status: u16, location: &str| {
            let headers = HeaderMap::from_iter([(LOCATION, location.parse().unwrap())]);
            redirected(BASE, &method, &at, StatusCode::from_u16(status).unwrap(), &headers)
        };
        let slash = Some(format!("{BASE}/Users/?count=1"));
        for (method, status, location, wanted) in [
            (Method::GET, 308, "/v2/Users/?count=1", slash.clone()),
            (Method::POST, 307, "Users/?count=1", slash.clone()),
            (Method::GET, 301, "https://scim.example/v2/Users/?count=1", slash.clone()),
            (Method::GET, 302, "./Users/?count=1", slash),
            (Method::POST, 301, "/v2/Users/", None),
            (Method::PATCH, 302, "/v2/Users/", None),
            (Method::GET, 303, "/v2/Users/", None),
            (Method::GET, 200, "/v2/Users/", None),
            (Method::GET, 308, "/v2/Users?count=1", None),
            (Method::GET, 308, "/v20/Users", None),
            (Method::GET, 308, "/v2/../login", None),
            (Method::GET, 308, "/login", None),
            (Method::GET, 308, "http://scim.example/v2/Users/", None),
            (Method::GET, 308, "https://scim.example:444/v2/Users/", None),
            (Method::GET, 308, "//evil.example/v2/Users/", None),
            (Method::GET, 308, "https://scim.example@evil.example/v2/Users/", None),
        ] {
            assert_eq!(target(method.clone(), status, location), wanted, "{method} {status} {location}");
        }
    }
}
