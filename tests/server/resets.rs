//! Links for another password: whom they go to and where they lead, whatever a stranger sends (H1, H2, H3).

use std::collections::BTreeSet;
use std::time::Duration;

use http::Request;
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use rosterctl::model::Email;
use rosterctl::server::{self, Carrier, Metrics, OperatorLog, Post, Settings, deliver};

use crate::browser::{Browser, mail};
use crate::factors::with_factor;
use crate::harness::{House, glow, settings};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::profiles::two;
use crate::soak::{Trials, rounds};

const NOA: &str = "noa@glow.example";
const HOUR: i64 = 60 * 60 * 1000;
const BASE: &str = "https://staff.practice.example";

/// The tricks of a stranger to have the link lead elsewhere: the URI's beginning, and headers.
const TRICKS: [(&str, &[(&str, &str)]); 25] = [
    ("", &[("host", "evil.example")]),
    ("", &[("host", "staff.practice.example:8443")]),
    ("", &[("host", "staff.practice.example@evil.example")]),
    ("", &[("host", "evil.example#staff.practice.example")]),
    ("", &[("host", "evil.example"), ("host", "staff.practice.example")]),
    ("", &[("host", "staff.practice.example"), ("host", "evil.example")]),
    ("", &[("host", "")]),
    ("", &[("host", "staff.practice.example.evil.example")]),
    ("", &[("host", "evil.example\tstaff.practice.example")]),
    ("", &[("host", "[::1]")]),
    ("", &[("x-forwarded-host", "evil.example")]),
    ("", &[("x-forwarded-host", "staff.practice.example, evil.example")]),
    ("", &[("x-forwarded-proto", "http")]),
    ("", &[("x-forwarded-port", "8080")]),
    ("", &[("x-forwarded-server", "evil.example")]),
    ("", &[("x-forwarded-prefix", "//evil.example")]),
    ("", &[("x-original-url", "http://evil.example/")]),
    ("", &[("x-rewrite-url", "http://evil.example/")]),
    ("", &[("x-host", "evil.example")]),
    ("", &[("forwarded", "host=evil.example;proto=http")]),
    ("", &[("forwarded", "for=1.2.3.4;host=\"evil.example:80\"")]),
    ("", &[("via", "1.1 evil.example")]),
    ("http://evil.example", &[]),
    ("http://evil.example", &[("host", "staff.practice.example")]),
    ("http://staff.practice.example@evil.example", &[("referer", "http://evil.example/glow/reset")]),
];

// H1: the link begins with the address that the server was given, and with nothing of the request.
#[tokio::test]
async fn a_link_leads_to_the_configured_address_whatever_a_request_says() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    mail(&house.store).await;
    for public_url in [None, Some(BASE.to_owned())] {
        let router = server::router(house.store.clone(), Settings { public_url, ..settings() });
        for (begin, headers) in TRICKS {
            house.clock.advance(3 * HOUR);
            let mut request = Request::post(format!("{begin}/glow/reset"));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("email", NOA).finish();
            let request = request.header("content-type", "application/x-www-form-urlencoded").body(axum::body::Body::from(form)).unwrap();
            let answer = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
            assert_eq!(answer.status(), 200, "{begin} {headers:?}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let post = Post { base: BASE.to_owned(), mail: Some(Carrier::Folder(folder.path().to_owned())), texts: None };
    let sending = tokio::spawn(deliver(house.store.clone(), post, Metrics::default(), OperatorLog::default()));
    let wanted = 2 * TRICKS.len();
    let letters = tokio::time::timeout(Duration::from_secs(100), async {
        loop {
            let files = std::fs::read_dir(folder.path().join("glow")).map(|files| files.flatten().collect::<Vec<_>>()).unwrap_or_default();
            let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file.path()).unwrap()).collect();
            if texts.len() == wanted && texts.iter().all(|text| text.ends_with(".\n")) {
                return texts;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let letters = letters.await.expect("every mail arrives");
    sending.abort();
    let mut trials = Trials::default();
    for text in &letters {
        let links: Vec<&str> = text.lines().filter(|line| line.contains("://")).collect();
        assert!(links.len() == 1 && links[0].starts_with(&format!("{BASE}/glow/reset/rset_")) && !text.contains("evil"), "{text}");
        trials.passed();
    }
    trials.covered("H1", "mails that requests with forged hosts caused, all with the configured address");
}

/// Characters that look like another one, or like nothing.
const ALIKE: [char; 16] = [
    '\u{430}',
    '\u{43e}',
    '\u{435}',
    '\u{131}',
    '\u{ff4e}',
    '\u{ff20}',
    '\u{ff0e}',
    '\u{3002}',
    '\u{200b}',
    '\u{200d}',
    '\u{ad}',
    '\u{301}',
    '\u{2024}',
    '\u{1d4ff}',
    '\u{0}',
    '\u{202e}',
];

/// Whole forms that programs take for another address, or for several.
const FORMS: [&str; 20] = [
    "noa@glow.example,evil@evil.example",
    "noa@glow.example;evil@evil.example",
    "noa@glow.example evil@evil.example",
    "noa@glow.example\nevil@evil.example",
    "noa@glow.example\r\nBcc: evil@evil.example",
    "noa@glow.example%0aevil@evil.example",
    "<noa@glow.example>evil@evil.example",
    "Noa <evil@evil.example>",
    "\"noa@glow.example\"@evil.example",
    "noa@glow.example@evil.example",
    "noa@glow.example.evil.example",
    "noa+x@glow.example",
    "n.o.a@glow.example",
    "noa@glow.example.",
    "noa(comment)@glow.example",
    "noa@[127.0.0.1]",
    "noa@xn--glow-example",
    "%6eoa@glow.example",
    "noa%40glow.example",
    "noa\u{0}@glow.example",
];

fn look_alike(rng: &mut SmallRng) -> String {
    let mut letters: Vec<char> = NOA.chars().collect();
    let (at, sign) = (rng.random_range(0..letters.len()), ALIKE[rng.random_range(0..ALIKE.len())]);
    match rng.random_range(0..3) {
        0 => letters[at] = sign,
        1 => letters.insert(at, sign),
        _ => letters[at] = letters[at].to_ascii_uppercase(),
    }
    letters.into_iter().collect()
}

// H2: the mail goes to the stored address, and only if that was typed.
#[tokio::test]
async fn a_look_alike_address_gets_no_mail() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    mail(&house.store).await;
    let mut rng = SmallRng::seed_from_u64(27);
    let random = rounds("H2", 300, 10_000);
    let typed: Vec<String> = FORMS.iter().map(|form| (*form).to_owned()).chain(random.each().map(|_| look_alike(&mut rng))).collect();
    let random = typed.len() - FORMS.len();
    let (mut trials, mut right) = (Trials::default(), 0);
    for typed in &typed {
        house.clock.advance(3 * HOUR);
        Browser::new(&house).post("/glow/reset", &[("email", typed)]).await;
        let sent = mail(&house.store).await;
        let is_noa = Email::parse(typed).is_ok_and(|email| email.as_str() == NOA);
        let to: Vec<&str> = sent.iter().map(|(_, to, _)| to.as_str()).collect();
        assert_eq!(to, if is_noa { vec![NOA] } else { Vec::new() }, "{typed:?}");
        // Only capitals, and what Unicode calls the same letters, are the same address.
        assert!(!is_noa || typed.to_lowercase() == NOA || !typed.is_ascii(), "{typed:?}");
        if is_noa {
            right += 1;
        } else {
            trials.passed();
        }
    }
    assert!(right >= random / 10 && right < random / 2, "{right} of {} were the stored address in capitals", typed.len());
    trials.measured("H2", "addresses that only look like a stored one, which got no mail");
}

// H3: nothing changes before a link that works, nobody is signed in by it, and no session and no device outlives it.
#[tokio::test]
async fn asking_for_a_link_changes_nothing_and_a_reset_ends_every_session() {
    let house = House::of(&glow()).await;
    let (mut noa, ..) = with_factor(&house).await;
    for _ in 0..5 {
        Browser::new(&house).post("/glow/reset", &[("email", NOA)]).await;
        // The messages are in the order of their times.
        house.clock.advance(1000);
    }
    assert_eq!(noa.get("/glow/").await.heading(), "Welcome, Noa Reed", "asking ends nothing");
    let sent = mail(&house.store).await;
    let links: BTreeSet<&str> = sent.iter().filter(|(kind, ..)| kind == "reset").map(|(.., token)| token.as_str()).collect();
    assert!(links.len() <= 3, "at most three an hour: {}", links.len());
    for token in ["rset_x", ""] {
        let page = Browser::new(&house).post_once(&format!("/glow/reset/{token}"), &[("new-password", OTHER_WORDS)]).await;
        assert!(page.status.is_client_error(), "{token}: {}", page.status);
    }
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), "Type your code");
    let last = sent.iter().rfind(|(kind, ..)| kind == "reset").map(|(.., token)| token.as_str()).unwrap();
    let mut stranger = Browser::new(&house);
    assert_eq!(stranger.post(&format!("/glow/reset/{last}"), &[("new-password", OTHER_WORDS)]).await.heading(), "Your password is changed");
    assert!(!stranger.has_cookie());
    assert_eq!(noa.get("/glow/").await.heading(), "Sign in");
    let told = mail(&house.store).await;
    assert!(told.iter().any(|(kind, to, _)| kind == "password-changed" && to == NOA));
}

// G5: a person has one mailbox and one phone, so what is sent there is counted by login, whichever workspaces are asked.
#[tokio::test]
async fn links_and_codes_are_counted_by_login() {
    let (house, spa, mut noa) = two().await;
    let sent = async |kind: &str| mail(&house.store).await.into_iter().filter(|(found, ..)| found == kind).count();
    for _ in 0..4 {
        for house in [&house, &spa] {
            Browser::new(house).post(&format!("/{}/reset", house.name), &[("email", NOA)]).await;
            house.clock.advance(1000);
        }
    }
    assert_eq!(sent("reset").await, 3);
    noa.post("/glow/switch", &[("to", "spa")]).await;
    for n in 0..4 {
        for name in ["glow", "spa"] {
            let address = format!("noa{n}@home.example");
            noa.post(&format!("/{name}/profile/address"), &[("email", &address), ("password", WORDS)]).await;
            noa.post(&format!("/{name}/profile/cell"), &[("number", "+16025550188"), ("password", WORDS)]).await;
            house.clock.advance(1000);
        }
    }
    let sent = mail(&house.store).await;
    let of = |kind: &str| sent.iter().filter(|(found, ..)| found == kind).count();
    assert_eq!((of("confirm-address"), of("code")), (3, 3));
}
