//! HTTP on the wire: who gets the token, and which redirects are followed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use rosterctl::directory::retry::Backoff;
use rosterctl::directory::{HttpTransport, Reader, RunLimits, ScimDirectory, Server, Transport, TransportError};
use rosterctl::model::{PlatformId, Secret, ServerId};
use rosterctl::report::sentences;
use tokio::net::TcpListener;

use crate::lousy_server::server;

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(String, http::HeaderMap)>>>);

/// A server that notes what it is sent, and answers `/redirect/…` with a redirect to another.
async fn listen(elsewhere: Option<String>) -> (String, Seen) {
    let seen = Seen::default();
    let handler = move |State(seen): State<Seen>, request: Request<Body>| {
        let elsewhere = elsewhere.clone();
        async move {
            let path = request.uri().path().to_owned();
            seen.0.lock().unwrap().push((path.clone(), request.headers().clone()));
            let status = path.strip_prefix("/redirect/").and_then(|rest| rest.split('/').next());
            match (status.and_then(|status| status.parse::<u16>().ok()), elsewhere) {
                (Some(status), Some(to)) => Response::builder().status(status).header("location", to).body(Body::empty()).unwrap(),
                _ => Response::new(Body::from("{}")),
            }
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(handler).with_state(seen.clone());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (base, seen)
}

fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

fn transport(base: &str) -> HttpTransport {
    HttpTransport::new(&base.parse().unwrap(), &Secret::new("s3cret-token".to_owned())).unwrap()
}

#[tokio::test]
async fn the_server_gets_the_token_and_the_name_of_the_client() {
    let (base, seen) = listen(None).await;
    transport(&base).send(get(&format!("{base}/v2/Users"))).await.unwrap();
    let seen = seen.0.lock().unwrap();
    assert_eq!(seen[0].1["authorization"], "Bearer s3cret-token");
    assert!(seen[0].1["user-agent"].to_str().unwrap().starts_with("rosterctl/"));
}

#[tokio::test]
async fn a_redirect_is_an_error_that_names_its_target_and_takes_no_token_there() {
    // N6
    let (other, stranger) = listen(None).await;
    let (base, _) = listen(Some(format!("{other}/v2/Users"))).await;
    for status in [301, 302, 303, 307, 308] {
        let answer = transport(&base).send(get(&format!("{base}/redirect/{status}"))).await.unwrap();
        assert_eq!(answer.status(), status);
        let root = format!("{base}/redirect/{status}");
        let server = Server { base: root.parse().unwrap(), ..server() };
        let Err(error) = ScimDirectory::connect(transport(&root), server).await else { panic!("connected") };
        assert!(error.to_string().contains(&other), "{error}");
    }
    assert!(stranger.0.lock().unwrap().is_empty());
}

// N6, X-7: some gateways repeat the token when they complain of it, and errors are shown and kept.
#[tokio::test]
async fn a_token_that_a_server_repeats_is_hidden() {
    for (status, form) in [(400, r#"{"detail":"denied for Authorization: AUTH"}"#), (403, "<p>AUTH</p>"), (308, "")] {
        let handler = move |request: Request<Body>| async move {
            let token = request.headers()["authorization"].to_str().unwrap();
            let answer = Response::builder().status(status).header("location", format!("/login?t={}", token.replace(' ', "+")));
            answer.body(Body::from(form.replace("AUTH", token))).unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let server = Server { base: base.parse().unwrap(), ..server() };
        let error = match ScimDirectory::connect(transport(&base), server).await {
            Err(error) => error,
            Ok(directory) => directory.read().await.unwrap_err(),
        };
        let said = format!("{error} {error:?}");
        assert!(!said.contains("s3cret-token") && said.contains("[secret]"), "{said}");
    }
}

// N6: a place of the same host that is not below the address in the roster may be another tenant's, or a page to sign in.
#[tokio::test]
async fn a_redirect_beside_the_base_address_is_not_followed() {
    for target in ["/elsewhere/v2/Users", "/redirect/308evil/Users", "/redirect/308/../../login"] {
        let (base, seen) = listen(Some(target.to_owned())).await;
        let root = format!("{base}/redirect/308");
        let server = Server { base: root.parse().unwrap(), ..server() };
        let Err(error) = ScimDirectory::connect(transport(&root), server).await else { panic!("connected") };
        assert!(error.to_string().contains(target), "{error}");
        let seen = seen.0.lock().unwrap();
        assert!(seen.iter().all(|(path, _)| path.starts_with("/redirect/308/")), "{seen:?}");
    }
}

#[tokio::test]
async fn a_request_to_another_origin_is_not_sent_at_all() {
    let (other, stranger) = listen(None).await;
    let (base, _) = listen(None).await;
    let error = transport(&base).send(get(&format!("{other}/v2/Users"))).await.unwrap_err();
    assert!(matches!(error, TransportError::Refused(_)));
    assert!(stranger.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn nobody_listening_is_a_network_failure_that_tells_no_token() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = transport(&base).send(get(&format!("{base}/v2/Users"))).await.unwrap_err();
    let TransportError::Network(why) = error else { panic!("{error:?}") };
    assert!(!format!("{why:?}").contains("s3cret"), "{why:?}");
    assert_eq!(sentences::network_error(&why), format!("cannot reach {base}: connection refused; is the server running?"));
}

/// A server that accepts connections and answers nothing; returns its address, and what it accepted.
async fn silent() -> (String, Arc<Mutex<Vec<tokio::net::TcpStream>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let accepted = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&accepted);
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            kept.lock().unwrap().push(socket);
        }
    });
    (base, accepted)
}

/// Connects to a server, with a time limit for each request and for the time without an answer.
async fn connect_within(base: &str, answer: Duration, silence: Duration, limits: &RunLimits) -> Result<(), String> {
    let token = Secret::new("s3cret-token".to_owned());
    let transport = HttpTransport::with_patience(&base.parse().unwrap(), &token, answer).unwrap().within(limits);
    let server = Server {
        name: ServerId::Scim { url: base.to_owned() },
        base: base.parse().unwrap(),
        platform: PlatformId("generic".to_owned()),
        country: None,
        code_word: None,
        now: 0,
        backoff: Backoff { silence, ..Backoff::default() },
    };
    ScimDirectory::connect(transport, server).await.map(drop).map_err(|why| why.to_string())
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_by_name_soon() {
    let (base, accepted) = silent().await;
    let (answer, silence) = (Duration::from_millis(200), Duration::from_millis(300));
    let error = connect_within(&base, answer, silence, &RunLimits::default()).await.unwrap_err();
    assert!(error.contains(&format!("{base} did not answer")), "{error}");
    assert!(accepted.lock().unwrap().len() <= 2, "two tries");
}

#[tokio::test]
async fn however_many_servers_are_silent_the_run_ends_and_those_that_answer_are_still_asked() {
    let (answer, limits) = (Duration::from_millis(50), RunLimits::default());
    let (well, _) = listen(None).await;
    let ask_well = async || {
        let token = Secret::new("s3cret-token".to_owned());
        let transport = HttpTransport::with_patience(&well.parse().unwrap(), &token, answer * 200).unwrap().within(&limits);
        transport.send(get(&format!("{well}/v2/Users"))).await.unwrap()
    };
    ask_well().await;
    let (mut errors, mut asked) = (Vec::new(), 0);
    for _ in 0..20 {
        let (base, accepted) = silent().await;
        errors.push(connect_within(&base, answer, answer, &limits).await.unwrap_err());
        asked += usize::from(!accepted.lock().unwrap().is_empty());
    }
    // Each of them alone takes a request's time, and all of them four times as long.
    assert!((2..=4).contains(&asked), "{asked}: {errors:?}");
    let last = errors.last().unwrap();
    assert!(last.contains(" was not asked, since this run had waited ") && !last.contains("no answer"), "{last}");
    ask_well().await;
}

#[tokio::test]
async fn an_answer_that_is_cut_off_does_not_count() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"Resources\": [").await.unwrap();
    });
    let error = transport(&base).send(get(&format!("{base}/v2/Users"))).await.unwrap_err();
    assert!(matches!(error, TransportError::Network(_)), "{error:?}");
}
