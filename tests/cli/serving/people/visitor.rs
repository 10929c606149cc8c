//! A browser without scripts over real HTTP: it follows redirects, keeps cookies, and sends forms.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::serving::served::Served;

/// A page as it arrived.
#[derive(Debug)]
pub(crate) struct Page {
    pub status: u16,
    pub text: String,
}

impl Page {
    /// The heading.
    pub(crate) fn heading(&self) -> &str {
        between(&self.text, "<h1>", "</h1>")
    }

    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        between(&self.text, &format!("name=\"{name}\" value=\""), "\"").to_owned()
    }

    /// The key of an authenticator app that the page offers.
    pub(crate) fn key(&self) -> String {
        between(&self.text, "<dt>Key</dt><dd><bdi>", "<").replace(' ', "")
    }

    /// The first recovery codes of the page.
    pub(crate) fn codes(&self) -> Vec<String> {
        self.text.split("<code>").skip(1).map(|rest| rest.split_once('<').unwrap().0.to_owned()).collect()
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map_or("", |(found, _)| found)
}

/// Somebody at a browser.
pub(crate) struct Visitor<'s> {
    served: &'s Served,
    cookies: BTreeMap<String, String>,
}

impl<'s> Visitor<'s> {
    pub(crate) const fn new(served: &'s Served) -> Self {
        Self { served, cookies: BTreeMap::new() }
    }

    /// Asks for a page.
    pub(crate) fn get(&mut self, path: &str) -> Page {
        self.ask("GET", path, "")
    }

    /// Sends a form.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.ask("POST", path, &url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
    }

    pub(crate) fn sign_in(&mut self, workspace: &str, address: &str, password: &str) -> Page {
        self.post(&format!("/{workspace}/sign-in"), &[("email", address), ("password", password)])
    }

    fn ask(&mut self, method: &str, path: &str, form: &str) -> Page {
        let (mut method, mut path, mut form) = (method, path.to_owned(), form);
        for _ in 0..5 {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut headers = "Sec-Fetch-Site: same-origin\r\nUser-Agent: Visitor 1.0\r\n".to_owned();
            if !cookies.is_empty() {
                write!(headers, "Cookie: {}\r\n", cookies.join("; ")).unwrap();
            }
            if method == "POST" {
                let length = form.len();
                write!(headers, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n").unwrap();
            }
            let answer = self.served.send_with(&format!("{method} {path}"), &headers, form);
            let (head, text) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {method} {path}: {answer:?}"));
            let mut next = None;
            for line in head.lines() {
                let Some((name, value)) = line.split_once(": ") else { continue };
                match name.to_ascii_lowercase().as_str() {
                    "set-cookie" => self.keep(value),
                    "location" => next = Some(value.to_owned()),
                    _ => {}
                }
            }
            let Some(next) = next else {
                return Page { status: head.split(' ').nth(1).unwrap().parse().unwrap(), text: text.to_owned() };
            };
            (method, path, form) = ("GET", next, "");
        }
        panic!("{path} leads in a circle")
    }

    fn keep(&mut self, cookie: &str) {
        let (name, rest) = cookie.split_once('=').unwrap();
        match rest.split(';').next().unwrap() {
            "" => drop(self.cookies.remove(name)),
            value => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
        }
    }
}
