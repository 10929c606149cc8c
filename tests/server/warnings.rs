//! The mail to somebody for whose account others type wrong passwords.

use futures::FutureExt;
use http::StatusCode;
use rosterctl::store::StoreError;

use crate::browser::{Browser, mail};
use crate::harness::{House, glow};
use crate::pages::{OTHER_WORDS, WORDS, invited_to_glow, joined};
use crate::profiles::two;

const NOA: &str = "noa@glow.example";
const MINUTE: i64 = 60 * 1000;

async fn with_noa() -> House {
    let house = House::of(&glow()).await;
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut Browser::new(&house), &link).await;
    mail(&house.store).await;
    house
}

/// The kinds of mail that wait, with their recipients.
async fn waiting(house: &House) -> Vec<(String, String)> {
    // An answer does not wait for its mail; the next write does.
    tokio::task::yield_now().await;
    house.store.write("glow", |_| async { Ok::<_, StoreError>(()) }.boxed()).await.unwrap();
    mail(&house.store).await.into_iter().map(|(kind, to, _)| (kind, to)).collect()
}

fn warned(kind: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), NOA.to_owned())]
}

async fn guess(house: &House, times: usize) {
    for _ in 0..times {
        let page = Browser::new(house).sign_in(house, NOA, OTHER_WORDS).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

// E3: the owner learns that somebody guesses, at most once an hour, and the answer stays the same.
#[tokio::test]
async fn after_five_wrong_passwords_the_owner_gets_one_mail_an_hour() {
    let house = with_noa().await;
    guess(&house, 4).await;
    assert_eq!(waiting(&house).await, []);
    let fifth = Browser::new(&house).sign_in(&house, NOA, OTHER_WORDS).await;
    let unknown = Browser::new(&house).sign_in(&house, "nobody@glow.example", OTHER_WORDS).await;
    assert_eq!(fifth.text, unknown.text.replace("nobody@glow.example", NOA));
    assert_eq!(waiting(&house).await, warned("wrong-passwords"));
    for _ in 0..3 {
        house.clock.advance(16 * MINUTE);
        guess(&house, 3).await;
    }
    assert_eq!(waiting(&house).await, [], "within the hour");
    house.clock.advance(61 * MINUTE);
    guess(&house, 2).await;
    assert_eq!(waiting(&house).await, warned("wrong-passwords"));
    // Nobody has to wait for somebody who types the right one.
    house.clock.advance(61 * MINUTE);
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), "Welcome, Noa Reed");
    assert_eq!(waiting(&house).await, []);
}

// E2: an owner whose password is off reads that a reset is the way in.
#[tokio::test]
async fn the_owner_gets_a_mail_when_the_password_is_turned_off() {
    let house = with_noa().await;
    let mut kinds = Vec::new();
    for _ in 0..110 {
        house.clock.advance(61 * MINUTE);
        guess(&house, 1).await;
        kinds.extend(waiting(&house).await.into_iter().map(|(kind, _)| kind));
    }
    assert_eq!(kinds.iter().filter(|kind| *kind == "password-off").count(), 1, "{kinds:?}");
    assert_eq!(kinds.last().map(String::as_str), Some("password-off"), "nothing is compared afterward");
}

// AR-20: somebody who is blocked or inactive gets no mail.
#[tokio::test]
async fn somebody_without_access_gets_no_mail_about_wrong_passwords() {
    for action in ["block", "inactivate"] {
        let house = with_noa().await;
        let id = house.id(NOA).await;
        if action == "block" {
            let body = serde_json::json!({ "reason": "activity-review", "confirmPhone": "+16025550100" });
            house.post(&format!("/scim/v2/Users/{id}/actions/block"), body).await.expect(200);
        } else {
            let off = serde_json::json!([{ "op": "replace", "path": "active", "value": false }]);
            house.patch(&format!("/scim/v2/Users/{id}"), off).await.expect(200);
        }
        guess(&house, 7).await;
        assert_eq!(waiting(&house).await, [], "{action}");
    }
}

// AR-3: one login, one mail, wherever somebody guesses.
#[tokio::test]
async fn guesses_in_two_workspaces_of_a_login_are_one_mail() {
    let (glow, other, _) = two().await;
    mail(&glow.store).await;
    for house in [&glow, &other, &glow, &other, &glow, &other] {
        guess(house, 1).await;
    }
    assert_eq!(waiting(&glow).await, warned("wrong-passwords"));
    glow.clock.advance(20 * MINUTE);
    guess(&other, 1).await;
    assert_eq!(waiting(&glow).await, []);
}
