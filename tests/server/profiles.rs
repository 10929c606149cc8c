//! Members change their own profile, and go from one of their workspaces to another.

use http::StatusCode;
use rosterctl::model::Desired;
use serde_json::json;

use crate::browser::{Browser, Page, mail};
use crate::harness::{House, PRACTICE, bright, glow, lakeside};
use crate::pages::{OTHER_WORDS, WORDS, invited, invited_to_glow, joined};

/// Another medspa in the same database.
async fn medspa(house: &House, name: &str) -> House {
    let mut desired: Desired = glow();
    name.clone_into(&mut desired.workspace);
    House::on(&desired, house.store.clone(), house.clock.clone()).await
}

/// Accepts an invitation to another medspa with the login that exists; returns the number that the code went to.
async fn joined_too(house: &House, browser: &mut Browser) -> String {
    let link = invited_to_glow(house, "noa@glow.example").await;
    browser.post(&format!("{link}/code"), &[]).await;
    let (_, to, code) = mail(&house.store).await.into_iter().rfind(|(kind, ..)| kind == "code").expect("a code");
    let proof = browser.post(&link, &[("code", &code)]).await.hidden("proof");
    let page = browser.post(&link, &[("proof", &proof), ("password", WORDS)]).await;
    assert!(page.heading().starts_with("Welcome"), "{}", page.text);
    to
}

/// Two medspas, and a browser that is signed in to the first as a member of both.
pub(crate) async fn two() -> (House, House, Browser) {
    two_on(House::of(&glow()).await).await
}

/// The same, where the first medspa exists.
pub(crate) async fn two_on(house: House) -> (House, House, Browser) {
    let link = invited_to_glow(&house, "noa@glow.example").await;
    let mut browser = Browser::new(&house);
    joined(&house, &mut browser, &link).await;
    let spa = medspa(&house, "spa").await;
    joined_too(&spa, &mut Browser::new(&spa)).await;
    mail(&house.store).await;
    (house, spa, browser)
}

/// The browser of somebody in a practice with logins of its own.
pub(crate) async fn signed_in(house: &House, address: &str) -> Browser {
    let mut browser = Browser::new(house);
    browser.post(&format!("/{}/reset", house.name), &[("email", address)]).await;
    let (_, _, token) = mail(&house.store).await.into_iter().find(|(kind, ..)| kind == "reset").expect("a mail");
    let form = [("code-word", "maple-cedar-7"), ("new-password", WORDS)];
    browser.post(&format!("/{}/reset/{token}", house.name), &form).await;
    browser.sign_in(house, address, WORDS).await;
    browser
}

async fn to(browser: &mut Browser, from: &str, to: &str) -> Page {
    browser.post(&format!("/{from}/switch"), &[("to", to)]).await
}

// AR-3, AR-4, X-5: without signing in again, and each workspace logs its own.
#[tokio::test]
async fn a_member_of_two_workspaces_switches_between_them() {
    let (house, spa, mut browser) = two().await;
    let home = browser.get("/glow/").await;
    assert!(home.text.contains("Go to <bdi>spa</bdi>"), "{}", home.text);
    let (rows, others) = (house.log().await.len(), spa.log().await.len());
    let page = to(&mut browser, "glow", "spa").await;
    assert_eq!((page.path.as_str(), page.heading()), ("/spa/", "Welcome, Noa Reed"), "{}", page.text);
    assert_eq!(browser.get("/glow/").await.heading(), "Welcome, Noa Reed", "the first session goes on");
    assert_eq!(house.log().await.len(), rows, "nothing happened here");
    let log = spa.log().await;
    assert_eq!(
        (log.len(), log[others].entry.action.as_str(), log[others].entry.actor.as_str()),
        (others + 1, "sign-in", "noa@glow.example")
    );
    assert_eq!(log[others].entry.detail.as_deref(), Some("by a switch of workspaces"), "nobody typed a password");
    assert!(!format!("{:?}", log[others].entry).contains("glow\""), "{:?}", log[others].entry);
    // Somebody without an account there, and workspaces that do not exist, go nowhere.
    for target in ["nowhere", "", "glow", "../spa"] {
        assert_eq!(to(&mut browser, "glow", target).await.path, "/glow/", "{target:?}");
    }
    let bright = House::on(&bright(), house.store.clone(), house.clock.clone()).await;
    assert_eq!(to(&mut browser, "glow", &bright.name).await.path, "/glow/");
    // The same sign-in, and the same twelve hours.
    let minute = 60 * 1000;
    for _ in 0..36 {
        house.clock.advance(20 * minute - 1);
        browser.get("/spa/").await;
    }
    house.clock.advance(36);
    assert_eq!(browser.get("/spa/").await.heading(), "Sign in");
}

// AR-20: a block there ends the session there, and refuses the switch; the first workspace goes on.
#[tokio::test]
async fn nobody_switches_to_a_workspace_that_blocked_them() {
    let (_, spa, mut browser) = two().await;
    to(&mut browser, "glow", "spa").await;
    let id = spa.id("noa@glow.example").await;
    spa.act(&id, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
    assert_eq!(browser.get("/spa/").await.heading(), "Sign in");
    let home = browser.get("/glow/").await;
    assert!(home.heading() == "Welcome, Noa Reed" && !home.text.contains("Go to"), "{}", home.text);
    assert_eq!(to(&mut browser, "glow", "spa").await.path, "/glow/");
    assert_eq!(browser.get("/spa/").await.heading(), "Sign in");
}

// AR-13: a member's own name, in every workspace of the login.
#[tokio::test]
async fn a_new_name_shows_in_every_workspace_of_the_login() {
    let (house, spa, mut browser) = two().await;
    let page = browser.get("/glow/profile").await;
    assert!(page.text.contains("value=\"Reed\"") && !page.text.contains("name=\"title\""), "{}", page.text);
    let wrong = browser.post("/glow/profile", &[("first-name", ""), ("last-name", "Park")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("Type your name."), "{}", wrong.text);
    browser.post("/glow/profile", &[("first-name", "Noa"), ("last-name", "Reed-Park")]).await;
    for (house, other) in [(&house, "spa"), (&spa, "glow")] {
        assert_eq!(house.user("noa@glow.example").await["name"]["familyName"], "Reed-Park");
        let log = house.log().await;
        let row = log.iter().rfind(|row| row.entry.action.as_str() == "update").expect("a row");
        let changes: serde_json::Value = serde_json::from_str(&row.entry.changes).expect("JSON");
        let names = [json!({ "givenName": "Noa", "familyName": "Reed" }), json!({ "givenName": "Noa", "familyName": "Reed-Park" })];
        assert_eq!(changes, json!({ "displayName": ["Noa Reed", "Noa Reed-Park"], "name": names }), "as for every other change");
        assert_eq!(row.entry.actor, "noa@glow.example");
        assert!(!format!("{:?}", row.entry).contains(&format!("\"{other}\"")), "AR-4: {:?}", row.entry);
    }
    assert_eq!(browser.get("/glow/").await.heading(), "Welcome, Noa Reed-Park");
    // The login has it, too: another workspace sees it at once.
    let third = medspa(&house, "third").await;
    joined_too(&third, &mut Browser::new(&third)).await;
    assert_eq!(third.user("noa@glow.example").await["name"]["familyName"], "Reed-Park");
}

// CHR-4: what the member confirmed wins, also later; in a dental practice the employee record has the name (PBN-1).
#[tokio::test]
async fn members_change_what_the_platform_leaves_to_them() {
    let house = House::of(&lakeside()).await;
    let mut sam = signed_in(&house, "sam@lakeside.example").await;
    sam.post("/lakeside/profile", &[("first-name", "Sam"), ("last-name", "Poe"), ("title", "Office Clerk")]).await;
    let user = house.user("sam@lakeside.example").await;
    assert_eq!((&user["title"], &user["name"]["familyName"]), (&json!("Office Clerk"), &json!("Poe")));
    let rows = house.log().await.len();
    sam.post("/lakeside/profile", &[("first-name", "Sam"), ("last-name", "Poe"), ("title", "Office Clerk")]).await;
    assert_eq!(house.log().await.len(), rows, "nothing changed");
    let house = House::of(&bright()).await;
    house.post("/api/v1/code-word", json!({ "codeWord": "maple-cedar-7" })).await.expect(200);
    let mut hugo = signed_in(&house, "hugo@bright.example").await;
    let page = hugo.get("/bright/profile").await;
    assert!(page.text.contains("An administrator of the practice changes your name."), "{}", page.text);
    hugo.post("/bright/profile", &[("first-name", "Max"), ("last-name", "Big")]).await;
    assert_eq!(house.user("hugo@bright.example").await["name"]["familyName"], "Lamb");
    assert_eq!(hugo.post("/bright/profile/cell", &[("number", "+16025550123"), ("password", WORDS)]).await.status, StatusCode::NOT_FOUND);
}

// AR-3: only the member changes the cell that codes go to, after a code to the new number.
#[tokio::test]
async fn the_cell_phone_of_a_login_changes_after_a_code_to_the_new_number() {
    let (house, _, mut browser) = two().await;
    let send = async |browser: &mut Browser, number: &str, password: &str| {
        browser.post("/glow/profile/cell", &[("number", number), ("password", password)]).await
    };
    assert!(send(&mut browser, "602 555 0188", WORDS).await.text.contains("with its country code"));
    assert!(send(&mut browser, "+1 602 555 0188", OTHER_WORDS).await.text.contains("The password is not right."));
    let page = send(&mut browser, "+1 602 555 0188", WORDS).await;
    let sent = mail(&house.store).await;
    let [(kind, number, code)] = sent.as_slice() else { panic!("one message: {sent:?}") };
    assert_eq!((kind.as_str(), number.as_str()), ("code", "+16025550188"));
    assert_eq!(page.hidden("number"), "+16025550188");
    // A code for one number does not confirm another.
    let other = browser.post("/glow/profile/cell/code", &[("number", "+16025550199"), ("code", code)]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = browser.post("/glow/profile/cell/code", &[("number", "+16025550188"), ("code", code)]).await;
    assert!(done.path == "/glow/profile" && done.text.contains("+16025550188"), "{}", done.text);
    assert_eq!(mail(&house.store).await.pop().map(|(kind, ..)| kind).as_deref(), Some("cell-changed"));
    let log = house.log().await;
    let row = log.iter().rfind(|row| row.entry.action.as_str() == "change-cell").expect("a row");
    assert_eq!(row.entry.detail.as_deref(), Some("to the number ending in 88"));
    let third = medspa(&house, "third").await;
    assert_eq!(joined_too(&third, &mut Browser::new(&third)).await, "+16025550188");
    assert_eq!(house.user("noa@glow.example").await["phoneNumbers"][0]["value"], "+16025550177", "contact numbers are the practice's");
}

// CHR-5, D4: a switch needs no second factor again, since the login gave it; the profile of a pending person has none of this.
#[tokio::test]
async fn profile_and_switch_need_a_whole_session() {
    let house = House::of(&lakeside()).await;
    let more = json!({ "roles": [{ "value": "staff", "primary": true }], PRACTICE: { "twoFactor": true } });
    let link = invited(&house, "noa@lakeside.example", more).await;
    let mut browser = Browser::new(&house);
    browser.post(&link, &[("first-name", "Noa"), ("last-name", "Reed"), ("title", ""), ("new-password", WORDS)]).await;
    for path in ["/lakeside/profile", "/lakeside/switch", "/lakeside/profile/cell"] {
        let answer = browser.post_once(path, &[("first-name", "X"), ("last-name", "Y")]).await;
        assert_eq!(answer.headers["location"], "/lakeside/second-factor/set-up", "{path}");
    }
    assert_eq!(house.user("noa@lakeside.example").await["name"]["familyName"], "Reed");
}

// On a shared machine nobody else is in afterward, whichever workspace one signs out of; another browser's sign-in goes on.
#[tokio::test]
async fn signing_out_ends_the_sessions_that_the_same_sign_in_opened_by_a_switch() {
    let (house, spa, mut browser) = two().await;
    let mut other = Browser::new(&house);
    other.sign_in(&house, "noa@glow.example", WORDS).await;
    to(&mut other, "glow", "spa").await;
    for (from, there) in [("glow", "spa"), ("spa", "glow")] {
        browser.sign_in(&house, "noa@glow.example", WORDS).await;
        to(&mut browser, "glow", "spa").await;
        let mut copied = Browser::new(&house).cookies_of(&browser);
        let rows = [house.log().await.len(), spa.log().await.len()];
        let page = browser.post(&format!("/{from}/sign-out"), &[]).await;
        assert_eq!(page.heading(), format!("You are signed out of {from}"));
        for name in [from, there] {
            assert_eq!(browser.get(&format!("/{name}/")).await.heading(), "Sign in", "{name}");
            assert_eq!(copied.get(&format!("/{name}/")).await.heading(), "Sign in", "a copied cookie of {name}");
        }
        for (house, before) in [(&house, rows[0]), (&spa, rows[1])] {
            let log = house.log().await.split_off(before);
            let said: Vec<_> = log.iter().map(|row| row.entry.action.as_str()).collect();
            assert_eq!(said, ["sign-out"], "each workspace logs its own");
        }
    }
    for name in ["glow", "spa"] {
        assert_eq!(other.get(&format!("/{name}/")).await.heading(), "Welcome, Noa Reed", "another browser");
    }
}
