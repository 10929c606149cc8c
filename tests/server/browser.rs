//! A browser without scripts: it follows redirects, keeps cookies, and sends the forms it was given.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use futures::FutureExt;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use rosterctl::server;
use rosterctl::store::members::messages::{self, Channel, TryResult};
use rosterctl::store::{Store, StoreError};
use tower::ServiceExt;

use crate::harness::{House, settings};

/// A page as it arrived.
pub(crate) struct Page {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub text: String,
    /// The path that it was asked for under, after redirects.
    pub path: String,
}

impl Page {
    /// The heading.
    pub(crate) fn heading(&self) -> &str {
        self.text.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>")).map_or("", |(heading, _)| heading)
    }

    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        self.text.split_once(&mark).and_then(|(_, rest)| rest.split_once('"')).map_or_else(String::new, |(value, _)| value.to_owned())
    }
}

pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    headers: Vec<(&'static str, String)>,
}

impl Browser {
    /// A browser that has not been here before.
    pub(crate) fn new(house: &House) -> Self {
        Self::at(server::router(house.store.clone(), settings()))
    }

    /// A browser that has not been here before, at a server that others use, too.
    pub(crate) fn at(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            headers: vec![("sec-fetch-site", "same-origin".to_owned()), ("user-agent", "Test 1.0".to_owned())],
        }
    }

    /// Sends this header in place of what it sent before; `None` leaves it out.
    pub(crate) fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.extend(value.map(|value| (name, value.to_owned())));
        self
    }

    /// The same cookies in another browser: somebody copied them.
    pub(crate) fn cookies_of(mut self, other: &Self) -> Self {
        self.cookies = other.cookies.clone();
        self
    }

    /// The value of a cookie; empty without it.
    pub(crate) fn cookie(&self, name: &str) -> String {
        self.cookies.get(name).cloned().unwrap_or_default()
    }

    /// Gives it a cookie that no page has set.
    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn has_cookie(&self) -> bool {
        !self.cookies.is_empty()
    }

    async fn once(&mut self, method: &str, path: &str, form: Option<&[(&str, &str)]>) -> Page {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "staff.practice.example");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let body = match form {
            Some(fields) => {
                request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                Body::from(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
            }
            None => Body::empty(),
        };
        let answer = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Page { status: parts.status, headers: parts.headers, text, path: path.to_owned() }
    }

    /// Asks for a page, and follows redirects.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let page = self.once("GET", path, None).await;
        self.follow(page).await
    }

    /// Asks for a page by another method, without following redirects.
    pub(crate) async fn ask(&mut self, method: &str, path: &str) -> Page {
        self.once(method, path, None).await
    }

    /// Sends a form, and follows redirects.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.once("POST", path, Some(fields)).await;
        self.follow(page).await
    }

    /// Sends a form and looks at the answer itself.
    pub(crate) async fn post_once(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.once("POST", path, Some(fields)).await
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            let Some(next) = page.headers.get(header::LOCATION) else { break };
            let next = next.to_str().unwrap().to_owned();
            page = self.once("GET", &next, None).await;
        }
        page
    }

    pub(crate) async fn sign_in(&mut self, house: &House, address: &str, password: &str) -> Page {
        self.post(&format!("/{}/sign-in", house.name), &[("email", address), ("password", password)]).await
    }
}

/// The mail and text messages that wait, and what was asked for since, newest last: kind, recipient, and the token or code in each. They count as sent afterward.
pub(crate) async fn mail(store: &Store) -> Vec<(String, String, String)> {
    server::send_asked_resets(store).await.unwrap();
    let now = store.now();
    let due = store.read(move |conn| {
        async move {
            let mut due = messages::due(conn, Channel::Mail, now, 100).await?;
            due.extend(messages::due(conn, Channel::Text, now, 100).await?);
            due.sort_unstable_by(|a, b| a.id.cmp(&b.id));
            Ok::<_, StoreError>(due)
        }
        .boxed()
    });
    let due = due.await.unwrap();
    let mut mail = Vec::new();
    for row in due {
        let (workspace, id) = (row.workspace.clone(), row.id.clone());
        let sealed = row.secret.as_deref();
        let secret = sealed
            .map(|sealed| store.vault().unseal(&format!("message {id}"), sealed).expect("sealed for this message").expose().to_owned());
        let kind = row.kind.expect("a kind of message").as_str();
        mail.push((kind.to_owned(), row.recipient, secret.unwrap_or_default()));
        let sent: Result<(), StoreError> = store
            .write(&row.workspace, move |writing| {
                async move {
                    messages::take(&mut writing.conn, &workspace, &id, now).await?;
                    messages::conclude(&mut writing.conn, &workspace, &id, &TryResult::Sent).await
                }
                .boxed()
            })
            .await;
        sent.unwrap();
    }
    mail
}
