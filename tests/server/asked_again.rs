//! Asking for another link when an invitation has ended.

use http::StatusCode;
use serde_json::json;

use crate::browser::{Browser, mail};
use crate::harness::{House, glow};
use crate::pages::{invited_to_glow, joined};

const NOA: &str = "noa@glow.example";
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The number of requests for a new link in the user log.
async fn asked(house: &House) -> usize {
    house
        .log()
        .await
        .iter()
        .filter(|row| row.entry.action.as_str() == "ask-invitation" && row.entry.subject.as_deref() == Some(NOA))
        .count()
}

// once an hour for each link, and only while the person can still accept.
#[tokio::test]
async fn somebody_whose_link_has_ended_asks_for_a_new_one_and_the_user_log_says_so() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    let again = format!("{link}/again");
    let mut browser = Browser::new(&house);
    assert!(!browser.get(&link).await.text.contains(&again), "the link works");
    let open = browser.post(&again, &[]).await;
    assert_eq!(asked(&house).await, 0, "the link works");
    house.clock.advance(8 * DAY);
    let page = browser.get(&link).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.text.contains(&format!("action=\"{again}\"><button class=\"plain\">Ask for a new link</button>")), "{}", page.text);
    assert_eq!(asked(&house).await, 0, "to look is not to ask");
    for _ in 0..3 {
        assert_eq!(browser.post(&again, &[]).await.text, open.text);
    }
    assert_eq!(asked(&house).await, 1);
    house.clock.advance(HOUR + 1);
    browser.post(&again, &[]).await;
    assert_eq!(asked(&house).await, 2);
    // A newer link took its place: who has the old one can ask, and the answer stays the same.
    let id = house.id(NOA).await;
    house.post(&format!("/scim/v2/Users/{id}/actions/resend-invitation"), json!({})).await.expect(200);
    let (_, _, token) = mail(&house.store).await.pop().unwrap();
    house.clock.advance(HOUR + 1);
    assert!(browser.get(&link).await.text.contains("A newer link was sent"));
    assert_eq!(browser.post(&again, &[]).await.text, open.text);
    assert_eq!(asked(&house).await, 3);
    // Somebody who has accepted needs no link.
    joined(&house, &mut Browser::new(&house), &format!("/glow/join/{token}")).await;
    house.clock.advance(HOUR + 1);
    for path in [again, format!("/glow/join/{token}/again"), "/glow/join/rinv_never/again".to_owned()] {
        assert_eq!(browser.post(&path, &[]).await.text, open.text, "{path}");
    }
    assert_eq!(asked(&house).await, 3);
}

#[tokio::test]
async fn a_withdrawn_invitation_offers_no_new_link() {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    let id = house.id(NOA).await;
    house.post(&format!("/scim/v2/Users/{id}/actions/withdraw-invitation"), json!({})).await.expect(200);
    assert!(!Browser::new(&house).get(&link).await.text.contains("Ask for a new link"));
    Browser::new(&house).post(&format!("{link}/again"), &[]).await;
    assert_eq!(asked(&house).await, 0);
}
