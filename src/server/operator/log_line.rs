//! The lines of the operator's log, as text or as JSON. One event is one line, whatever a client has sent.

use std::net::{IpAddr, SocketAddr};

use serde_json::{Value, json};
use tracing::Level;

use crate::model::characters::{breaks_line, is_hidden};

/// The longest text of an event, in characters; the rest of a longer one is not shown.
pub(in crate::server) const LONGEST: usize = 2000;
/// The most characters of a path that are shown.
const LONGEST_PATH: usize = 1000;
/// The most characters of a request's id that are shown.
const LONGEST_ID: usize = 100;
/// The most characters of a method that are shown: any client can make one up.
const LONGEST_METHOD: usize = 32;

/// The form of the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogForm {
    /// A sentence, or for a request: origin, method, path, status and time.
    #[default]
    Text,
    /// A JSON object.
    Json,
}

/// A request that was answered. Its query can contain addresses, and its headers contain tokens, so they are not here.
pub(in crate::server) struct AnsweredRequest<'a> {
    /// The address it came from.
    pub(in crate::server) origin: Option<IpAddr>,
    /// The machine that sent it: the client, or a proxy.
    pub(in crate::server) peer: Option<SocketAddr>,
    pub(in crate::server) method: &'a str,
    pub(in crate::server) path: &'a str,
    /// The template of its route.
    pub(in crate::server) route: Option<&'a str>,
    pub(in crate::server) status: u16,
    pub(in crate::server) millis: u128,
}

/// A sentence for the operator.
#[derive(Clone, Copy)]
pub(in crate::server) struct OperatorMessage<'a> {
    pub(in crate::server) level: Level,
    /// The id of the request that it is about, if it is about one.
    pub(in crate::server) request_id: Option<&'a str>,
    pub(in crate::server) text: &'a str,
}

impl LogForm {
    /// Writes a sentence as one line; `now` is the time in epoch milliseconds.
    pub(in crate::server) fn message(self, message: OperatorMessage<'_>, now: i64) -> String {
        let OperatorMessage { level, request_id, text } = message;
        let text = visible(text, LONGEST);
        let request_id = request_id.map(|id| visible(id, LONGEST_ID));
        match (self, request_id) {
            (Self::Text, None) => text,
            (Self::Text, Some(id)) => format!("request {id}: {text}"),
            (Self::Json, None) => json!({ "time": time(now), "level": level.as_str(), "event": "message", "message": text }).to_string(),
            (Self::Json, Some(id)) => {
                json!({ "time": time(now), "level": level.as_str(), "event": "message", "message": text, "request_id": id }).to_string()
            }
        }
    }

    /// Writes a request as one line; `now` is the time in epoch milliseconds.
    pub(in crate::server) fn request(self, request: &AnsweredRequest<'_>, now: i64) -> String {
        let AnsweredRequest { origin, peer, route, status, .. } = request;
        let (method, path) = (visible(request.method, LONGEST_METHOD), visible(request.path, LONGEST_PATH));
        let millis = u64::try_from(request.millis).unwrap_or(u64::MAX);
        match self {
            Self::Text => {
                let from = match (origin, peer) {
                    (Some(origin), Some(peer)) if *origin != peer.ip().to_canonical() => format!("{origin} through {peer}"),
                    (_, Some(peer)) => peer.to_string(),
                    (_, None) => String::new(),
                };
                format!("{from} {method} {path} {status} {millis}ms")
            }
            Self::Json => {
                let text = |shown: Option<String>| shown.map_or(Value::Null, Value::String);
                json!({
                    "time": time(now),
                    "level": Level::INFO.as_str(),
                    "event": "request",
                    "origin": text(origin.map(|address| address.to_string())),
                    "peer": text(peer.map(|address| address.to_string())),
                    "method": method,
                    "path": path,
                    "route": text(route.map(str::to_owned)),
                    "status": status,
                    "milliseconds": millis,
                })
                .to_string()
            }
        }
    }
}

/// A text in which every character that breaks a line, is hidden or turns the direction of reading has become a blank, and whose end is
/// cut off.
fn visible(text: &str, longest: usize) -> String {
    let blank = |c: char| if c.is_control() || breaks_line(c) || is_hidden(c) { ' ' } else { c };
    let mut shown: String = text.chars().take(longest).map(blank).collect();
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

fn time(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map(|at| format!("{at:.3}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: i64 = 1_795_953_600_000;

    fn request(method: &str, path: &str, form: LogForm) -> String {
        let (origin, peer) = ("203.0.113.9".parse().ok(), "10.0.0.1:4711".parse().ok());
        form.request(&AnsweredRequest { origin, peer, method, path, route: Some("/scim/v2/Users"), status: 200, millis: 3 }, NOON)
    }

    #[test]
    fn a_request_is_a_line_of_text_or_a_json_object() {
        let text = request("GET", "/glow/scim/v2/Users", LogForm::Text);
        assert_eq!(text, "203.0.113.9 through 10.0.0.1:4711 GET /glow/scim/v2/Users 200 3ms");
        let json: Value = serde_json::from_str(&request("GET", "/glow/scim/v2/Users", LogForm::Json)).unwrap();
        let expected = json!({
            "time": "2026-11-29T12:00:00.000Z", "level": "INFO", "event": "request", "origin": "203.0.113.9", "peer": "10.0.0.1:4711", "method": "GET",
            "path": "/glow/scim/v2/Users", "route": "/scim/v2/Users", "status": 200, "milliseconds": 3,
        });
        assert_eq!(json, expected);
        let message = OperatorMessage { level: Level::WARN, request_id: None, text: "five\r\nsix" };
        let json: Value = serde_json::from_str(&LogForm::Json.message(message, NOON)).unwrap();
        assert_eq!(json, json!({ "time": "2026-11-29T12:00:00.000Z", "level": "WARN", "event": "message", "message": "five  six" }));
        let message = OperatorMessage { request_id: Some("7\n8"), ..message };
        assert_eq!(LogForm::Text.message(message, NOON), "request 7 8: five  six");
        let json: Value = serde_json::from_str(&LogForm::Json.message(message, NOON)).unwrap();
        assert_eq!(json["request_id"], "7 8");
    }

    /// Any text, with what breaks or forges lines in every second one.
    fn nasty() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            any::<String>(),
            prop::sample::select(vec![
                "\r\n",
                "\n127.0.0.1 GET /forged 200 1ms",
                "\u{85}",
                "\u{2028}",
                "\u{2029}",
                "\u{1b}[2K\u{1b}[1A",
                "\u{202e}",
                "\u{200b}",
                "\0",
                "\u{7f}",
                "\"},{\"event\":\"request\"",
                "\\",
                "\u{feff}",
                "\u{b}\u{c}",
            ])
            .prop_map(str::to_owned),
            Just("x".repeat(5000)),
        ];
        prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        // K4: one event is one line.
        #[test]
        fn whatever_is_logged_stays_in_one_visible_line(text in nasty(), method in nasty()) {
            for form in [LogForm::Text, LogForm::Json] {
                let message = OperatorMessage { level: Level::ERROR, request_id: Some(&method), text: &text };
                for line in [form.message(message, NOON), request(&method, &text, form)] {
                    prop_assert!(!line.chars().any(|c| c.is_control() || breaks_line(c) || is_hidden(c)), "{line:?}");
                    prop_assert!(line.chars().count() <= 2 * LONGEST + 300, "{}", line.len());
                    if form == LogForm::Json {
                        let json: Value = serde_json::from_str(&line).unwrap();
                        prop_assert!(json["event"] == "message" || json["event"] == "request");
                    }
                }
            }
        }
    }
}
