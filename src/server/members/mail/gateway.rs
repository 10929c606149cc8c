//! Sends text messages through the HTTP interface of a provider. Its URL is the only one that the server ever fetches.

use std::collections::BTreeMap;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderName};
use url::{Url, form_urlencoded};

use super::posted::{Posted, Sending};
use crate::directory::client_to;
use crate::model::Secret;

/// The way in which a gateway gets its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayForm {
    /// As a JSON object of texts.
    Json,
    /// As the fields of an HTML form.
    Form,
}

/// The login by which the server shows a gateway who it is.
#[derive(Clone)]
pub enum GatewayLogin {
    /// By a bearer token (RFC 6750).
    Token(Secret),
    /// By a user and a password (RFC 7617).
    Password(String, Secret),
}

/// A provider's interface for text messages.
#[derive(Clone)]
pub struct TextGateway {
    client: reqwest::Client,
    /// The address where messages are posted.
    url: Url,
    form: GatewayForm,
    /// The names of the fields for the phone number and for the text.
    names: (String, String),
    /// Other fields, with their values.
    fields: BTreeMap<String, String>,
    login: Option<GatewayLogin>,
}

/// The time that a gateway may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A provider that honors it sends a message once, whatever is repeated.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

impl TextGateway {
    /// Makes a gateway; `names` are those of the fields for the phone number and for the text.
    ///
    /// # Errors
    /// The system's certificates cannot be read.
    pub fn new(
        url: Url,
        form: GatewayForm,
        names: (String, String),
        fields: BTreeMap<String, String>,
        login: Option<GatewayLogin>,
    ) -> Result<Self, reqwest::Error> {
        let client = client_to(&url).timeout(PATIENCE).build()?;
        Ok(Self { client, url, form, names, fields, login })
    }

    /// Sends a message.
    pub(super) async fn send(&self, posted: &Posted<'_>) -> Sending {
        let mut fields: BTreeMap<&str, &str> = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.insert(&self.names.0, posted.recipient);
        fields.insert(&self.names.1, &posted.letter.text);
        let (kind, body) = match self.form {
            GatewayForm::Json => ("application/json", serde_json::json!(fields).to_string()),
            GatewayForm::Form => {
                ("application/x-www-form-urlencoded", form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
            }
        };
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, kind).header(IDEMPOTENCY_KEY, posted.id).body(body);
        let request = match &self.login {
            Some(GatewayLogin::Token(token)) => request.bearer_auth(token.expose()),
            Some(GatewayLogin::Password(user, password)) => request.basic_auth(user, Some(password.expose())),
            None => request,
        };
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Sending::Sent,
            Ok(answer) => {
                let status = answer.status();
                let said = format!("the gateway answered {}", status.as_u16());
                if status.is_server_error() || [408, 425, 429].contains(&status.as_u16()) {
                    Sending::Later(said)
                } else {
                    Sending::Refused(said)
                }
            }
            Err(why) if why.is_connect() => Sending::Later("the gateway cannot be reached".to_owned()),
            Err(_) => Sending::Uncertain,
        }
    }
}
