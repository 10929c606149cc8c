//! A member knows when the session ends, and is warned before.

use rosterctl::platform::built_in;
use serde_json::json;

use crate::browser::Browser;
use crate::harness::{House, glow, lakeside};
use crate::pages::{WORDS, invited, invited_to_glow, joined};

/// The seconds after which the style sheet shows the warning of a page.
fn warned_after(style: &str, minutes: u16) -> Option<u64> {
    let (_, rule) = style.split_once(&format!(".ending-{minutes} {{"))?;
    let rule = rule.split('}').next()?;
    rule.split_whitespace().filter_map(|word| word.strip_suffix('s')?.parse().ok()).next_back()
}

// F7: two minutes before, by the style sheet alone, on every platform where people sign in.
#[tokio::test]
async fn a_page_warns_two_minutes_before_its_session_ends() {
    let style = Browser::new(&House::of(&glow()).await).get("/glow/assets/members.css").await.text;
    let minutes: Vec<u16> = built_in().iter().filter_map(|platform| Some(platform.catalog().members.as_ref()?.idle_minutes)).collect();
    assert_eq!(minutes.len(), 3, "another platform needs a rule");
    for minutes in minutes {
        assert_eq!(warned_after(&style, minutes), Some(u64::from(minutes - 2) * 60), "{minutes}");
    }
    assert!(style.contains(".ending { visibility: hidden;") && style.contains("@keyframes ending { to { visibility: visible; } }"));
}

#[tokio::test]
async fn every_page_of_a_session_says_when_it_ends_and_no_other_page_does() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    for path in ["/glow/", "/glow/sessions", "/glow/profile", "/glow/password", "/glow/second-factor/set-up"] {
        let page = browser.get(path).await;
        let (said, class) = ("after 30 minutes without", "class=\"ending ending-30\" role=\"alert\"");
        assert!(page.text.contains(said) && page.text.contains(class), "{path}: {}", page.text);
        // Noon in UTC is 5 in Phoenix, and a session lives 12 hours.
        assert!(page.text.contains("and on November 22, 2026 at 17:00 MST in any case"), "{path}: {}", page.text);
    }
    for path in ["/glow/sign-in", "/glow/reset", "/glow/signed-out"] {
        assert!(!Browser::new(&house).get(path).await.text.contains("ending"), "{path}");
    }
    let clinic = House::of(&lakeside()).await;
    let link =
        invited(&clinic, "noa@lakeside.example", json!({ "roles": [{ "value": "staff", "primary": true }], "title": "Clerk" })).await;
    let form = [("first-name", "Noa"), ("last-name", "Reed"), ("title", "Clerk"), ("new-password", WORDS)];
    let page = Browser::new(&clinic).post(&link, &form).await;
    assert!(page.text.contains("after 15 minutes without") && page.text.contains("ending-15"), "{}", page.text);
}
