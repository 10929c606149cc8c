//! A link for somebody else in a browser in which somebody is signed in.

use http::StatusCode;

use crate::browser::{Browser, mail};
use crate::harness::{House, glow};
use crate::pages::{WORDS, invited_to_glow, joined};

const NOA: &str = "noa@glow.example";
const ZED: &str = "zed@glow.example";
const OTHER: &str = "This link is for another person";

async fn reset_link(house: &House, address: &str) -> String {
    Browser::new(house).post("/glow/reset", &[("email", address)]).await;
    let (_, _, token) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "reset").unwrap();
    format!("/glow/reset/{token}")
}

// Neither opening the link nor sending its form uses anything up, and the page does not say whose the link is.
#[tokio::test]
async fn somebody_who_is_signed_in_signs_out_before_a_link_for_another_person_goes_on() {
    let house = House::of(&glow()).await;
    let mut noa = Browser::new(&house);
    let link = invited_to_glow(&house, NOA).await;
    joined(&house, &mut noa, &link).await;
    let invitation = invited_to_glow(&house, ZED).await;
    for method in ["GET", "HEAD"] {
        let page = noa.ask(method, &invitation).await;
        assert_eq!(page.status, StatusCode::OK);
    }
    for page in [
        noa.get(&invitation).await,
        noa.post_once(&format!("{invitation}/code"), &[]).await,
        noa.post_once(&invitation, &[("code", "1")]).await,
    ] {
        assert_eq!(page.heading(), OTHER, "{}", page.text);
        assert!(page.text.contains("You are signed in as noa@glow.example. This link is for another person."), "{}", page.text);
        assert!(page.text.contains("<button>Sign out and continue</button>") && !page.text.contains(ZED), "{}", page.text);
    }
    assert_eq!(mail(&house.store).await, [], "no code was sent");
    // A form of another site signs nobody out.
    let mut elsewhere = Browser::new(&house).cookies_of(&noa).with("sec-fetch-site", Some("cross-site"));
    assert_eq!(elsewhere.post_once(&invitation, &[("leave", "yes")]).await.status, StatusCode::FORBIDDEN);
    let page = noa.post(&invitation, &[("leave", "yes")]).await;
    assert_eq!((page.heading(), page.path.as_str()), ("Join glow", invitation.as_str()));
    assert_eq!(noa.get("/glow/").await.heading(), "Sign in");
    joined(&house, &mut noa, &invitation).await;
}

#[tokio::test]
async fn a_reset_link_opens_for_its_own_holder_and_for_nobody_else_who_is_signed_in() {
    let house = House::of(&glow()).await;
    let (mut noa, mut zed) = (Browser::new(&house), Browser::new(&house));
    for (browser, address) in [(&mut noa, NOA), (&mut zed, ZED)] {
        let link = invited_to_glow(&house, address).await;
        joined(&house, browser, &link).await;
    }
    let link = reset_link(&house, NOA).await;
    assert_eq!(zed.get(&link).await.heading(), OTHER);
    assert_eq!(zed.post(&link, &[("new-password", WORDS)]).await.status, StatusCode::CONFLICT);
    assert_eq!(noa.get(&link).await.heading(), "Choose a new password");
    assert_eq!(noa.post(&link, &[("new-password", "kelp dune wick 5")]).await.heading(), "Your password is changed");
    // A link that has ended, or never was one, says so to everybody.
    for dead in [link, "/glow/reset/rset_never".to_owned()] {
        assert_eq!(zed.get(&dead).await.heading(), "This link does not work");
    }
}
