//! First passwords, which an administrator chose (AR-10, H4).

use http::StatusCode;

use crate::browser::{Browser, mail};
use crate::caps::{FIRST_PASSWORD, with_first_password};
use crate::harness::{House, glow};
use crate::pages::{OTHER_WORDS, WORDS};
use crate::soak::Trials;

const NOA: &str = "noa@glow.example";
const DAY: i64 = 24 * 60 * 60 * 1000;
const CHANGE: &str = "Change your password";

async fn reset_link(house: &House, browser: &mut Browser) -> String {
    browser.post(&format!("/{}/reset", house.name), &[("email", NOA)]).await;
    let (.., token) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "reset").expect("a mail");
    format!("/{}/reset/{token}", house.name)
}

// H4: the administrator who chose it has no way in by it, whichever way the member goes on.
#[tokio::test]
async fn a_first_password_cannot_become_the_password() {
    let glow = House::of(&glow()).await;
    let house = with_first_password(&glow).await;
    let mut trials = Trials::default();
    let mut noa = Browser::new(&house);
    assert_eq!(noa.sign_in(&house, NOA, FIRST_PASSWORD).await.heading(), CHANGE);
    let reset = reset_link(&house, &mut Browser::new(&house)).await;
    for path in ["/other/password", reset.as_str()] {
        let page = noa.post_once(path, &[("new-password", FIRST_PASSWORD)]).await;
        assert!(page.text.contains("An administrator chose this password."), "{path}: {}", page.text);
        trials.count(page.status == StatusCode::UNPROCESSABLE_ENTITY, || path.to_owned());
    }
    assert_eq!(noa.get("/other/").await.path, "/other/password", "nothing is open before another one");
    assert_eq!(noa.post("/other/password", &[("new-password", WORDS)]).await.heading(), "Welcome, Noa Reed");
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, FIRST_PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), "Welcome, Noa Reed");
    // A password of one's own is nobody's business.
    assert_eq!(noa.post("/other/password", &[("password", WORDS), ("new-password", WORDS)]).await.heading(), "Welcome, Noa Reed");
    trials.covered("H4", "forms in which a first password was typed as the new one, and refused");
}

// H4: it ends when an invitation would, and the log says so; a link in mail is the way in.
#[tokio::test]
async fn a_first_password_ends_when_an_invitation_would() {
    let glow = House::of(&glow()).await;
    let house = with_first_password(&glow).await;
    let mut trials = Trials::default();
    house.clock.advance(7 * DAY - 1);
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, FIRST_PASSWORD).await.heading(), CHANGE, "the last moment");
    for later in [1, DAY, 30 * DAY] {
        house.clock.advance(later);
        let page = Browser::new(&house).sign_in(&house, NOA, FIRST_PASSWORD).await;
        let wrong = Browser::new(&house).sign_in(&house, NOA, OTHER_WORDS).await;
        trials.count(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text == wrong.text, || format!("{later} later"));
    }
    let log = house.log().await;
    let over = log.iter().filter(|row| row.entry.detail.as_deref().is_some_and(|detail| detail.starts_with("the first password is over")));
    assert_eq!(over.count(), 3);
    let reset = reset_link(&house, &mut Browser::new(&house)).await;
    Browser::new(&house).post(&reset, &[("new-password", WORDS)]).await;
    assert_eq!(Browser::new(&house).sign_in(&house, NOA, WORDS).await.heading(), "Welcome, Noa Reed");
    trials.covered("H4", "sign-ins with a first password whose time was over");
}
