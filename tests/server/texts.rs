//! Text messages leave through a provider's HTTP interface: each once, and later where the provider stumbles.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use rosterctl::model::Secret;
use rosterctl::server::{Carrier, GatewayForm, GatewayLogin, Metrics, OperatorLog, Post, TextGateway, deliver};
use serde_json::Value;

use crate::browser::Browser;
use crate::harness::{House, glow};
use crate::pages::invited_to_glow;

/// The requests that a provider got: its answers to come, and each request with its key.
#[derive(Clone, Default)]
struct Provider(Arc<Mutex<(Vec<u16>, Vec<Taken>)>>);

/// One request: its headers and its body.
type Taken = (HeaderMap, String);

impl Provider {
    fn take(&self, headers: HeaderMap, body: String) -> StatusCode {
        let mut all = self.0.lock().unwrap();
        all.1.push((headers, body));
        let status = if all.0.is_empty() { 202 } else { all.0.remove(0) };
        StatusCode::from_u16(status).unwrap()
    }

    fn got(&self) -> Vec<Taken> {
        self.0.lock().unwrap().1.clone()
    }

    /// Waits until so many requests have come, and a moment longer, in which no other may come.
    async fn wait_for(&self, number: usize) -> Vec<Taken> {
        tokio::time::timeout(Duration::from_secs(100), async {
            while self.got().len() < number {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .expect("a request");
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(self.got().len(), number);
        self.got()
    }
}

/// Starts a provider that answers in this way first, and a server that sends through it.
async fn sending(house: &House, answers: &[u16], form: GatewayForm, login: Option<GatewayLogin>) -> Provider {
    let provider = Provider::default();
    provider.0.lock().unwrap().0 = answers.to_vec();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/messages?account=7", listener.local_addr().unwrap()).parse().unwrap();
    let router = Router::new()
        .route("/messages", post(async |State(provider): State<Provider>, headers, body| provider.take(headers, body)))
        .with_state(provider.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let fields = BTreeMap::from([("from".to_owned(), "+16025550199".to_owned())]);
    let gateway = TextGateway::new(url, form, ("number".to_owned(), "body".to_owned()), fields, login).unwrap();
    let carrier = Carrier::Texts(Box::new(gateway));
    let sender = Post { base: "https://staff.practice.example".to_owned(), mail: None, texts: Some(carrier) };
    tokio::spawn(deliver(house.store.clone(), sender, Metrics::default(), OperatorLog::default()));
    provider
}

/// Has a code sent.
async fn ask_code(house: &House) {
    let link = invited_to_glow(house, "noa@glow.example").await;
    Browser::new(house).post(&format!("{link}/code"), &[]).await;
}

// AR-2, X-6.
#[tokio::test]
async fn a_code_goes_out_again_a_minute_after_the_provider_was_unavailable_and_then_never_again() {
    let house = House::of(&glow()).await;
    let token = GatewayLogin::Token(Secret::new("tram-lens".to_owned()));
    let provider = sending(&house, &[503], GatewayForm::Json, Some(token)).await;
    ask_code(&house).await;
    provider.wait_for(1).await;
    house.clock.advance(59 * 1000);
    provider.wait_for(1).await;
    house.clock.advance(1000);
    let got = provider.wait_for(2).await;
    house.clock.advance(60 * 60 * 1000);
    provider.wait_for(2).await;
    assert_eq!(got[0].1, got[1].1);
    assert_eq!(got[0].0["idempotency-key"], got[1].0["idempotency-key"], "a provider that honors the key sends one message");
    assert_eq!(got[1].0["authorization"], "Bearer tram-lens");
    let body: Value = serde_json::from_str(&got[1].1).unwrap();
    assert_eq!((&body["number"], &body["from"]), (&Value::from("+16025550177"), &Value::from("+16025550199")));
    let text = body["body"].as_str().unwrap();
    assert!(text.contains(" is your code for glow."), "{text}");
    // The last line lets phones fill the code in on this host alone.
    let code = &text[..6];
    assert!(text.trim_end().ends_with(&format!("@staff.practice.example #{code}")), "{text}");
    assert!(!house.log().await.iter().any(|row| row.entry.action.as_str() == "undelivered"));
}

#[tokio::test]
async fn a_code_that_a_provider_refuses_is_not_sent_again_and_the_user_log_says_so() {
    let house = House::of(&glow()).await;
    let login = GatewayLogin::Password("practice".to_owned(), Secret::new("moss".to_owned()));
    let provider = sending(&house, &[422], GatewayForm::Form, Some(login)).await;
    ask_code(&house).await;
    let got = provider.wait_for(1).await;
    house.clock.advance(60 * 60 * 1000);
    provider.wait_for(1).await;
    assert_eq!(got[0].0["authorization"], "Basic cHJhY3RpY2U6bW9zcw==");
    let fields: BTreeMap<String, String> = url::form_urlencoded::parse(got[0].1.as_bytes()).into_owned().collect();
    assert_eq!(fields["number"], "+16025550177");
    let log = house.log().await;
    let row = log.iter().find(|row| row.entry.action.as_str() == "undelivered").expect("a row");
    assert_eq!(row.entry.detail.as_deref(), Some("code: the gateway answered 422"));
}

// A code that expired helps nobody.
#[tokio::test]
async fn a_code_is_not_sent_after_it_has_expired() {
    let house = House::of(&glow()).await;
    let provider = sending(&house, &[503, 503, 503, 503], GatewayForm::Json, None).await;
    ask_code(&house).await;
    for (waited, requests) in [(0, 1), (1, 2), (2, 3), (4, 4), (60, 4)] {
        house.clock.advance(waited * 60 * 1000);
        provider.wait_for(requests).await;
    }
    let log = house.log().await;
    let row = log.iter().find(|row| row.entry.action.as_str() == "undelivered").expect("a row");
    assert_eq!(row.entry.detail.as_deref(), Some("code: the gateway answered 503"));
}
