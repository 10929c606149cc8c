//! The client against servers where people have a login and other addresses, and where it is hard to say whose the token is.

use rosterctl::directory::Reader;
use rosterctl::model::*;
use rosterctl::reconcile::{approve, diff};
use serde_json::json;

use crate::foreign::{actions, planned, roster};
use crate::lousy_server::{Habits, Lousy};
use crate::support::*;

const NEW: &str = "ana.ruiz@glow.example";

fn address(text: &str) -> Email {
    Email::parse(text).unwrap()
}

/// A server with one user besides the first one, who has a login and addresses.
fn with_login(login: &str, emails: &serde_json::Value) -> Lousy {
    let lousy = Lousy::with(2, Habits::default());
    lousy.give("user001@glow.example", &json!({ "userName": login, "emails": emails }));
    lousy
}

/// The first user of the server, and somebody with the address NEW in this status.
fn with_ana(status: Status, manage: Manage) -> Desired {
    let mut wanted = Desired { manage, ..roster([0]) };
    let ana = DesiredUser { email: address(NEW), status, ..wanted.users[&email(0)].clone() };
    wanted.users.insert(ana.email.clone(), ana);
    wanted
}

fn perhaps(login: &str, leaves: bool) -> Refusal {
    let cause = RefusalCause::PerhapsTheirs { id: RemoteId("u2".to_owned()), login: address(login), leaves };
    Refusal { subject: Subject::User(address(NEW)), cause }
}

// X-1, rule 6 of the core: the login identifies an account, and another address is said.
#[tokio::test]
async fn a_leaver_whose_address_is_not_the_login_of_their_account_is_named() {
    for (login, emails, known_as) in [
        ("old@glow.example", json!([{ "value": NEW }]), "old@glow.example"),
        (
            "old@glow.example",
            json!([{ "value": "old@glow.example", "primary": true }, { "value": "mailto:ANA.RUIZ@glow.example" }]),
            "old@glow.example",
        ),
        ("aruiz", json!([{ "value": "desk@glow.example", "primary": true }, { "value": NEW }]), "desk@glow.example"),
        ("old@glow.example", json!(NEW), "old@glow.example"),
    ] {
        let lousy = with_login(login, &emails);
        let (plan, _) = planned(&lousy, &with_ana(Status::Inactive, Manage::Additive)).await;
        assert_eq!((plan.changes.len(), &plan.refusals), (0, &vec![perhaps(known_as, true)]), "{login} {emails}");

        // Under an exact roster, the account ends in any case, and nothing says that it is somebody else's.
        let (plan, _) = planned(&lousy, &with_ana(Status::Inactive, Manage::Exact)).await;
        assert_eq!(actions(&plan), [(Action::Inactivate, address(known_as))], "{login}");

        lousy.give(login, &json!({ "active": false }));
        let (plan, _) = planned(&lousy, &with_ana(Status::Inactive, Manage::Additive)).await;
        assert_eq!((plan.changes.len(), plan.refusals.len()), (0, 0), "{login}: they have no access");
    }
    let lousy = with_login("aruiz", &json!([{ "value": NEW }]));
    let (plan, _) = planned(&lousy, &with_ana(Status::Inactive, Manage::Additive)).await;
    assert_eq!(actions(&plan), [(Action::Inactivate, address(NEW))], "a login that is a name says nothing");
}

#[tokio::test]
async fn nobody_is_invited_whose_address_an_account_has() {
    // X-1
    for manage in [Manage::Additive, Manage::Exact] {
        let lousy = with_login("old@glow.example", &json!([{ "value": NEW }]));
        let (plan, actual) = planned(&lousy, &with_ana(Status::Active, manage)).await;
        assert_eq!((plan.changes.len(), &plan.refusals), (0, &vec![perhaps("old@glow.example", false)]), "{manage:?}");

        // Both remedies that the refusal names.
        let mut by_login = with_ana(Status::Active, manage);
        let ana = by_login.users.remove(&address(NEW)).unwrap();
        let login = address("old@glow.example");
        by_login.users.insert(login.clone(), DesiredUser { email: login.clone(), ..ana.clone() });
        assert_eq!((diff(&by_login, &actual).changes.len(), diff(&by_login, &actual).refusals.len()), (0, 0));
        let mut renamed = with_ana(Status::Active, manage);
        renamed.users.insert(ana.email.clone(), DesiredUser { formerly: vec![login.clone()], ..ana.clone() });
        assert_eq!(actions(&diff(&renamed, &actual)), [(Action::Update, login)]);
    }
}

#[tokio::test]
async fn of_two_accounts_with_one_address_the_login_counts_and_the_other_one_is_said() {
    // X-1
    let lousy = Lousy::with(3, Habits::default());
    lousy.give("user001@glow.example", &json!({ "userName": NEW }));
    lousy.give("user002@glow.example", &json!({ "userName": "old@glow.example", "emails": [{ "value": NEW }] }));
    let (id, login) = (RemoteId("u3".to_owned()), address("old@glow.example"));
    let (plan, _) = planned(&lousy, &with_ana(Status::Inactive, Manage::Additive)).await;
    let cause = RefusalCause::PerhapsTheirs { id: id.clone(), login: login.clone(), leaves: true };
    assert_eq!(actions(&plan), [(Action::Inactivate, address(NEW))]);
    assert_eq!(plan.refusals, [Refusal { subject: Subject::User(address(NEW)), cause }]);

    let (plan, _) = planned(&lousy, &with_ana(Status::Active, Manage::Additive)).await;
    let said = Notice { subject: Subject::User(address(NEW)), cause: NoticeCause::AddressOfAnother { id, login: login.clone() } };
    assert!(plan.changes.is_empty() && plan.refusals.is_empty() && plan.notices.contains(&said), "{:?}", plan.notices);

    // Somebody else of the roster has the other account.
    let mut shared = with_ana(Status::Inactive, Manage::Additive);
    shared.users.insert(login.clone(), DesiredUser { email: login.clone(), ..shared.users[&email(0)].clone() });
    let (plan, _) = planned(&lousy, &shared).await;
    assert_eq!((actions(&plan), plan.refusals.len()), (vec![(Action::Inactivate, address(NEW))], 0));
    assert!(plan.notices.contains(&said), "{:?}", plan.notices);
}

#[tokio::test]
async fn somebody_whom_the_list_lacks_is_also_looked_up_by_their_address() {
    // rule 7 of the core, X-1
    for finds_emails in [true, false] {
        let lousy = Lousy::with(3, Habits { shows_at_most: Some(2), finds_emails, ..Habits::default() });
        lousy.give("user002@glow.example", &json!({ "userName": "old@glow.example", "emails": [{ "value": NEW }] }));
        let wanted = with_ana(Status::Inactive, Manage::Additive);
        let (plan, actual) = planned(&lousy, &wanted).await;
        assert_eq!((plan.changes.len(), plan.refusals.len()), (0, usize::from(finds_emails)));
        assert_eq!(matches!(actual.completeness, Completeness::Partial { .. }), finds_emails, "{:?}", actual.completeness);
    }
}

#[tokio::test]
async fn the_owner_of_the_token_is_known_by_id_and_by_redirect_or_the_plan_says_that_nobody_knows() {
    let owner = |habits: Habits| async {
        let lousy = Lousy::with(3, habits);
        let actual = lousy.connect().await.unwrap().read().await.unwrap();
        let wanted = Desired { manage: Manage::Exact, ..roster([0, 2]) };
        let plan = diff(&wanted, &actual);
        let says_unknown = plan.notices.iter().any(|notice| notice.cause == NoticeCause::OwnerUnknown);
        let is_stopped = approve(plan, &actual, &wanted).is_err_and(|stopped| stopped.stops.iter().any(|s| s.guard() == Guard::OwnAccount));
        (says_unknown, is_stopped)
    };
    for me in [
        r#"{ "id": "u2" }"#,
        r#"{ "id": "u2", "userName": "USER001" }"#,
        r#"{ "userName": " User001@GLOW.example" }"#,
        r#"{ "id": "x", "userName": "u1", "emails": [{ "value": "user001@glow.example" }] }"#,
    ] {
        assert_eq!(owner(Habits { me: Some(me), ..Habits::default() }).await, (false, true), "{me}");
    }
    for target in ["/v2/Users/u2", "https://lousy.example/v2/Users/u2/?x=1"] {
        assert_eq!(owner(Habits { me_is_at: Some(target), ..Habits::default() }).await, (false, true), "{target}");
    }
    for habits in [
        Habits::default(),
        Habits { no_me: Some(501), ..Habits::default() },
        Habits { me: Some("{}"), ..Habits::default() },
        Habits { me_is_at: Some("/login"), ..Habits::default() },
    ] {
        assert_eq!(owner(habits.clone()).await, (true, false), "{habits:?}");
    }
    let actual = Lousy::with(2, Habits::default()).connect().await.unwrap().read().await.unwrap();
    let plan = diff(&Desired { manage: Manage::Exact, ..roster([0, 1]) }, &actual);
    assert!(plan.notices.iter().all(|notice| notice.cause.kind() != NoticeKind::Warning), "nobody loses access");
}

/// Numbers that look random and are the same at every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

const POOL: [&str; 5] = ["a@glow.example", "b@glow.example", "c@glow.example", "d@glow.example", "E@Glow.example"];

/// A server with users who have any logins and addresses, and a roster with any of these.
fn world(numbers: &mut Numbers) -> (Lousy, Desired) {
    let count = 1 + numbers.below(4);
    let lousy = Lousy::with(count, Habits::default());
    for n in 0..count {
        let login = match numbers.below(3) {
            0 => format!("login{n}"),
            _ => POOL[numbers.below(POOL.len())].to_owned(),
        };
        let emails: Vec<serde_json::Value> = (0..numbers.below(3)).map(|_| json!({ "value": POOL[numbers.below(POOL.len())] })).collect();
        let active = numbers.below(4) > 0;
        lousy.give(&format!("user{n:03}@glow.example"), &json!({ "userName": login, "emails": emails, "active": active }));
    }
    let manage = [Manage::Additive, Manage::Exact][numbers.below(2)];
    let mut wanted = Desired { manage, ..roster([900]) };
    let user = wanted.users.pop_first().unwrap().1;
    for text in POOL {
        let status = [Status::Active, Status::Inactive][numbers.below(2)];
        let formerly = if numbers.below(5) == 0 { vec![address("former@glow.example")] } else { Vec::new() };
        if numbers.below(2) == 0 {
            wanted.users.insert(address(text), DesiredUser { email: address(text), status, formerly, ..user.clone() });
        }
    }
    (lousy, wanted)
}

/// Returns whether a user of the server has an address, in whatever place.
fn has(user: &serde_json::Map<String, serde_json::Value>, email: &Email) -> bool {
    let emails = user.get("emails").and_then(|emails| emails.as_array()).into_iter().flatten().map(|element| &element["value"]);
    let all = emails.chain([&user["userName"]]).filter_map(|text| text.as_str());
    all.filter_map(|text| Email::parse(text).ok()).any(|held| held == *email)
}

// X-1, rule 6 of the core, for any logins and addresses.
#[tokio::test]
async fn nobody_keeps_access_or_gets_a_second_account_in_silence() {
    let mut numbers = Numbers(8);
    let (mut leavers, mut newcomers) = (0, 0);
    for round in 0..600 {
        let (lousy, wanted) = world(&mut numbers);
        let (plan, _) = planned(&lousy, &wanted).await;
        let inner = lousy.lock();
        let is_said = |email: &Email| {
            let subject = Subject::User(email.clone());
            let warned =
                plan.notices.iter().filter(|notice| notice.cause.kind() == NoticeKind::Warning).any(|notice| notice.subject == subject);
            warned || plan.refusals.iter().any(|refusal| refusal.subject == subject)
        };
        let ends = |id: &str| {
            plan.changes
                .iter()
                .any(|step| step.change.target().is_some_and(|target| target.id.0 == id) && step.change.action() == Action::Inactivate)
        };
        for leaver in wanted.users.values().filter(|user| user.status == Status::Inactive) {
            for user in inner.users.iter().filter(|user| user["active"] == true && has(user, &leaver.email)) {
                leavers += 1;
                assert!(ends(user["id"].as_str().unwrap()) || is_said(&leaver.email), "{round}: {leaver:?} {user:?} {plan:?}");
            }
        }
        for step in &plan.changes {
            let Change::CreateAccount(new) = &step.change else { continue };
            newcomers += 1;
            assert!(
                is_said(&new.email) || inner.users.iter().all(|user| !has(user, &new.email)),
                "{round}: {new:?} {:?} {plan:?}",
                inner.users
            );
        }
    }
    assert!(leavers > 200 && newcomers > 200, "{leavers} {newcomers}");
}
