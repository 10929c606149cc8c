//! The address a request came from: the peer's, or the one that a trusted proxy forwarded.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::{HOST, ORIGIN, REFERER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Version};

use crate::model::{Network, is_loopback};

/// The header in which proxies forward the addresses of their peers, the nearest last. Others are not read: a proxy that appends to this
/// one passes them on as a client sent them.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The headers that proxies and tunnels add to a request that they pass on.
const PASSED_ON: [&str; 10] = [
    FORWARDED_FOR,
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded",
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
];

/// The address a request came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) struct Origin(pub(in crate::server) IpAddr);

/// Marks an answer to somebody whom the server knows: by a token, or by the session of a member.
#[derive(Clone, Copy, Debug)]
pub(in crate::server) struct ToKnownCaller;

impl Origin {
    /// Follows the forwarded addresses backward, as long as a trusted proxy forwarded them. One that cannot be read ends the chain at the
    /// proxy that sent it.
    pub(in crate::server) fn from_request(peer: SocketAddr, headers: &HeaderMap, proxies: &[Network]) -> Self {
        let mut nearest = peer.ip().to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        let mut forwarded = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        while proxies.iter().any(|proxy| proxy.contains(nearest)) {
            let Some(address) = forwarded.next().and_then(|text| address(text.trim())) else { break };
            nearest = address;
        }
        Self(nearest)
    }
}

/// Returns whether a browser on this machine sent a request by itself, to a name of this machine: no proxy or tunnel passed it on, and no page of
/// another site asked for it. A page can let its own name lead to this machine, but the request still has that name. Some proxies add no header of
/// their own and ask in HTTP/1.0, as no browser does.
pub(in crate::server) fn is_at_this_machine(request: &Parts, base: &str) -> bool {
    let headers = &request.headers;
    let origin = request.extensions.get::<Origin>();
    let is_from_here = origin.is_some_and(|origin| origin.0.is_loopback());
    let is_here = |text: &str| url::Url::parse(text).is_ok_and(|url| is_loopback(&url));
    let is_passed_on = request.version < Version::HTTP_11 || PASSED_ON.iter().any(|name| headers.contains_key(*name));
    let has_one_name = headers.get_all(HOST).iter().count() < 2;
    let is_asked_elsewhere = headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    let comes_from = |name: HeaderName| headers.get(name).is_none_or(|page| page.to_str().is_ok_and(is_here));
    is_from_here && is_here(base) && has_one_name && !is_passed_on && !is_asked_elsewhere && comes_from(ORIGIN) && comes_from(REFERER)
}

/// Some proxies write a port behind the address.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn origin(peer: &str, proxies: &[&str], headers: &[(&'static str, &str)]) -> String {
        let mut sent = HeaderMap::new();
        for (name, value) in headers {
            sent.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let proxies: Vec<Network> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        Origin::from_request(SocketAddr::new(peer.parse().unwrap(), 4711), &sent, &proxies).0.to_string()
    }

    /// The shapes in which an address is forged.
    const FORGED: [(&str, &str); 30] = [
        (FORWARDED_FOR, "203.0.113.9"),
        (FORWARDED_FOR, "127.0.0.1"),
        (FORWARDED_FOR, "10.0.0.1, 203.0.113.9"),
        (FORWARDED_FOR, "203.0.113.9:443"),
        (FORWARDED_FOR, "[2001:db8::1]:443"),
        (FORWARDED_FOR, "::ffff:203.0.113.9"),
        (FORWARDED_FOR, "unknown"),
        (FORWARDED_FOR, ""),
        (FORWARDED_FOR, "203.0.113.9\u{e9}"),
        ("forwarded", "for=203.0.113.9;proto=https"),
        ("x-real-ip", "203.0.113.9"),
        ("x-client-ip", "203.0.113.9"),
        ("true-client-ip", "203.0.113.9"),
        ("cf-connecting-ip", "203.0.113.9"),
        (FORWARDED_FOR, "203.0.113.9, 198.51.100.1"),
        (FORWARDED_FOR, ",,,"),
        (FORWARDED_FOR, "203.0.113.9;10.0.0.1"),
        (FORWARDED_FOR, "0"),
        (FORWARDED_FOR, "0xcb007109"),
        (FORWARDED_FOR, "3405803785"),
        (FORWARDED_FOR, "203.0.113.009"),
        (FORWARDED_FOR, "203.0.113.9/32"),
        (FORWARDED_FOR, "localhost"),
        (FORWARDED_FOR, "fe80::1%eth0"),
        (FORWARDED_FOR, "\"203.0.113.9\""),
        (FORWARDED_FOR, "[::1"),
        ("forwarded", "for=\"[2001:db8::1]:443\""),
        ("x-forwarded", "for=203.0.113.9"),
        ("x-cluster-client-ip", "203.0.113.9"),
        ("via", "1.1 203.0.113.9"),
    ];

    #[test]
    fn only_a_request_that_nobody_passed_on_to_a_name_of_this_machine_is_from_this_machine() {
        let by = |version: Version, from: &str, base: &str, headers: &[(&'static str, &'static str)]| {
            let request = axum::http::Request::builder().version(version).extension(Origin(from.parse().unwrap()));
            let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            is_at_this_machine(&request.body(()).unwrap().into_parts().0, base)
        };
        let asked = |from: &str, base: &str, headers: &[(&'static str, &'static str)]| by(Version::HTTP_11, from, base, headers);
        for base in ["http://localhost:8080/w", "http://127.0.0.1/w", "http://[::1]:1/w", "http://LOCALHOST/w"] {
            assert!(asked("127.0.0.1", base, &[]) && asked("::1", base, &[("sec-fetch-site", "none")]), "{base}");
            assert!(asked("127.0.0.1", base, &[("sec-fetch-site", "same-origin")]) && !asked("192.0.2.7", base, &[]), "{base}");
            assert!(!asked("127.0.0.1", base, &[("sec-fetch-site", "cross-site")]), "{base}");
            assert!(!by(Version::HTTP_10, "127.0.0.1", base, &[]) && by(Version::HTTP_2, "127.0.0.1", base, &[]), "{base}");
            for name in ["origin", "referer"] {
                assert!(asked("127.0.0.1", base, &[(name, "http://localhost:8080/w/outbox")]), "{base}");
                assert!(
                    !asked("127.0.0.1", base, &[(name, "https://staff.example")]) && !asked("127.0.0.1", base, &[(name, "null")]),
                    "{base}"
                );
            }
            assert!(!asked("127.0.0.1", base, &[("host", "localhost"), ("host", "staff.example")]), "{base}");
            for name in PASSED_ON {
                assert!(!asked("127.0.0.1", base, &[(name, "127.0.0.1")]), "{name}");
            }
        }
        for base in ["http://staff.example/w", "http://localhost.evil.example/w", "http://127.0.0.1.evil.example/w", "/w", ""] {
            assert!(!asked("127.0.0.1", base, &[]), "{base}");
        }
    }

    #[test]
    fn a_forged_address_has_no_effect_unless_a_listed_proxy_sent_it() {
        for header in FORGED {
            for (peer, proxies) in [("198.51.100.1", &[][..]), ("198.51.100.1", &["10.0.0.0/8"][..]), ("::1", &["127.0.0.1"][..])] {
                assert_eq!(origin(peer, proxies, &[header]), peer, "{header:?}");
            }
        }
    }

    #[test]
    fn a_listed_proxy_forwards_the_address_that_it_saw_and_nothing_before_it() {
        let behind = |headers: &[(&'static str, &str)]| origin("10.0.0.1", &["10.0.0.0/8", "192.0.2.7"], headers);
        for (line, expected) in [
            ("203.0.113.9", "203.0.113.9"),
            ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
            ("1.1.1.1,203.0.113.9,192.0.2.7, 10.9.9.9", "203.0.113.9"),
            ("203.0.113.9:443", "203.0.113.9"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            // An address that cannot be read is not skipped: the one before it is the client's own word.
            ("203.0.113.9, unknown", "10.0.0.1"),
            ("203.0.113.9,", "10.0.0.1"),
            ("203.0.113.9, 192.0.2.7, secret", "10.0.0.1"),
            ("unknown, 192.0.2.7", "192.0.2.7"),
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ] {
            assert_eq!(behind(&[(FORWARDED_FOR, line)]), expected, "{line}");
        }
        assert_eq!(behind(&[(FORWARDED_FOR, "1.1.1.1"), (FORWARDED_FOR, "203.0.113.9")]), "203.0.113.9", "the last line is the proxy's");
        assert_eq!(behind(&[("forwarded", "for=203.0.113.9")]), "10.0.0.1");
        assert_eq!(behind(&[]), "10.0.0.1");
        assert_eq!(origin("::ffff:10.0.0.1", &["10.0.0.0/8"], &[(FORWARDED_FOR, "203.0.113.9")]), "203.0.113.9");
    }
}
