//! The form of messages: the media type that a server takes, and what its answers are although they say otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Method, StatusCode};

use crate::directory::DirectoryError;
use crate::model::ProtocolError;
use crate::scim::{MEDIA_TYPE, ScimError};

/// The media type of requests. Some servers take SCIM messages only as plain JSON (415).
#[derive(Clone, Debug, Default)]
pub(super) struct MediaType {
    is_plain: Arc<AtomicBool>,
    /// Says whether plain JSON was refused, too.
    is_in_vain: Arc<AtomicBool>,
}

impl MediaType {
    pub(super) fn header(&self) -> HeaderValue {
        HeaderValue::from_static(if self.is_plain() { "application/json" } else { MEDIA_TYPE })
    }

    pub(super) fn is_plain(&self) -> bool {
        self.is_plain.load(Ordering::Relaxed)
    }

    /// Returns whether a request that got this status should be sent again as plain JSON; others may have learned that while it was on its way.
    pub(super) fn is_refused(&self, method: &Method, status: StatusCode, was_plain: bool) -> bool {
        let is_refused = !method.is_safe() && status == StatusCode::UNSUPPORTED_MEDIA_TYPE && !was_plain;
        let is_again = is_refused && !self.is_in_vain.load(Ordering::Relaxed);
        self.is_plain.fetch_or(is_again, Ordering::Relaxed);
        is_again
    }

    /// Remembers whether that has helped.
    pub(super) fn learn(&self, status: StatusCode) {
        if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            self.is_in_vain.store(true, Ordering::Relaxed);
            self.is_plain.store(false, Ordering::Relaxed);
        }
    }
}

/// The status that an answer means: some servers and gateways report an error inside a success.
pub(super) fn meant(status: StatusCode, body: &Bytes) -> StatusCode {
    if !status.is_success() || !ScimError::is_message(body) {
        return status;
    }
    // The status in the body counts where that of the answer says nothing.
    let said = StatusCode::from_u16(ScimError::from_response(0, body).status).ok();
    said.filter(|said| said.is_client_error() || said.is_server_error()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Says why an answer that should be JSON cannot be read.
pub(super) fn not_json(headers: &HeaderMap) -> DirectoryError {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let media_type = text(CONTENT_TYPE);
    let encoding = text(CONTENT_ENCODING).filter(|encoding| !encoding.eq_ignore_ascii_case("identity"));
    let json = media_type.filter(|media_type| media_type.to_ascii_lowercase().contains("json"));
    DirectoryError::from(if let Some(encoding) = encoding {
        ProtocolError::Encoded { encoding: encoding.to_owned() }
    } else if let Some(json) = json {
        ProtocolError::DamagedJson { media_type: json.to_owned() }
    } else {
        ProtocolError::NotJson { media_type: media_type.map(str::to_owned) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_inside_a_success_is_an_error() {
        let meant =
            |status: u16, body: &str| meant(StatusCode::from_u16(status).unwrap(), &Bytes::copy_from_slice(body.as_bytes())).as_u16();
        let error = |status: &str| format!(r#"{{"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": {status}}}"#);
        assert_eq!([meant(200, &error("\"404\"")), meant(201, &error("409")), meant(404, &error("\"409\""))], [404, 409, 404]);
        assert_eq!([meant(200, &error("\"200\"")), meant(200, &error("null"))], [500, 500]);
        assert_eq!([meant(200, r#"{"id": "1", "status": "404"}"#), meant(204, "")], [200, 204]);
    }

    #[test]
    fn a_damaged_answer_is_not_blamed_on_the_address() {
        for (kind, encoding, said) in [
            ("application/scim+json", None, "not valid JSON"),
            ("text/html", Some("identity"), "is the address a SCIM base URL?"),
            ("application/json", Some("deflate"), "encoded as deflate"),
        ] {
            let encoding = encoding.map(|encoding| (CONTENT_ENCODING, HeaderValue::from_static(encoding)));
            let headers: HeaderMap = [(CONTENT_TYPE, HeaderValue::from_static(kind))].into_iter().chain(encoding).collect();
            let why = not_json(&headers).to_string();
            assert!(why.contains(said), "{why}");
        }
    }
}
