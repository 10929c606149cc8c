//! Products whose login is a user name: it says who somebody is, and the address beside it is only compared.

use std::fmt::Write as _;

use rosterctl::model::RefusalCause;

use crate::lists::{AFTER, Case, attested};

const PLATFORM: &str = "define_platform: dental
name: Dental
states: [active, inactive]
fields: { first_name: {}, last_name: {}, role: { required: true } }
roles: { admin: { name: Admin }, front: { name: Front } }
administrators: { roles: [admin] }
list: { columns: { login: [User Name], email: [Email] } }
";

const SPA: &str = "workspace: spa
platform: dental
connection: { snapshot: list.yaml }
manage: exact
guards: { removals: { count: 50, share: 1.0 } }
users:
  ana@spa.example: { id: aruiz, first_name: Ana, last_name: Ruiz, role: admin }
";

const BO: &str = "  bo@spa.example: { first_name: Bo, last_name: Lin, role: front }\n";

fn list(rows: &[(&str, &str, &str)]) -> String {
    let total = rows.len() + 1;
    let mut text = format!(
        "snapshot: spa\ntabs: {{ all: {{ total: {total}, taken: \"2026-11-27T17:00:00-07:00\" }} }}\n\
         shows: [email, first_name, last_name, role, status]\naccounts:\n  \
         aruiz: {{ email: ana@spa.example, first_name: Ana, last_name: Ruiz, role: admin, status: active }}\n"
    );
    for (login, name, address) in rows {
        let (first, last) = name.split_once(' ').expect("two names");
        let address = if address.is_empty() { "null" } else { address };
        writeln!(text, "  \"{login}\": {{ email: {address}, first_name: {first}, last_name: {last}, role: front, status: active }}")
            .expect("a text grows");
    }
    text
}

fn case(spa: &str, list: &str) -> Case {
    Case::of(&[("dental.yaml", PLATFORM), ("spa.yaml", spa), ("list.yaml", list)])
}

/// The users who are asked about, with the rows that may be theirs, and whether the names are the same.
fn asked(case: &Case) -> Vec<(String, String, bool)> {
    case.by_hand().questions.iter().map(|one| (one.user.to_string(), one.id.0.clone(), one.has_same_names)).collect()
}

#[test]
fn the_address_of_a_colleague_beside_a_user_name_makes_nobody_a_user() {
    let old = list(&[("dfox", "Di Fox", "ana@spa.example")]).replace("aruiz: { email: ana@", "aruiz: { email: ana.old@");
    let found = case(SPA, &old);
    assert_eq!(found.steps(), ["inactivate dfox: left", "update aruiz: left"]);
    assert!(found.plan.refusals.is_empty(), "{:?}", found.plan.refusals);
    let done = attested(&old, "aruiz", "update", "{ email: ana@spa.example }", AFTER);
    assert_eq!(case(SPA, &done).steps(), ["inactivate dfox: left", "update aruiz: waits"]);
    let office = list(&[("blin", "Bo Lin", "office@spa.example"), ("dfox", "Di Fox", "office@spa.example")]);
    assert_eq!(case(SPA, &office).steps(), ["inactivate blin: left", "inactivate dfox: left"]);
    let written = format!("{SPA}  \"blin@user-name.invalid\": {{ id: blin, first_name: Bo, last_name: Lin, role: front }}\n");
    assert_eq!(case(&written, &office).steps(), ["inactivate dfox: left"], "nobody knows an address to compare");
}

#[test]
fn names_decide_who_is_asked_about_and_an_address_alone_decides_nothing() {
    let spa = format!("{SPA}{BO}");
    let (bo, di) = (("blin", "Bo Lin", ""), ("dfox", "Di Fox", "bo@spa.example"));
    let found = case(&spa, &list(&[bo, di]));
    assert_eq!(found.steps(), ["inactivate dfox: left"]);
    assert_eq!(asked(&found), [("bo@spa.example".to_owned(), "blin".to_owned(), true)]);
    assert_eq!(case(&spa, &list(&[di])).steps(), ["inactivate dfox: left", "invite bo@spa.example: left"]);
    let three = [di, ("efox", "Ed Fox", "bo@spa.example"), ("gfox", "Gus Fox", "bo@spa.example")];
    let removed = case(&spa, &list(&three)).steps().iter().filter(|step| step.starts_with("inactivate")).count();
    assert_eq!(removed, 3);
}

#[test]
fn names_and_address_together_find_a_user_without_an_id_unless_two_rows_have_both() {
    let spa = format!("{SPA}{BO}");
    let (one, two) = (("blin", "Bo Lin", "bo@spa.example"), ("blin2", "BO LIN", "bo@spa.example"));
    let found = case(&spa, &list(&[one]));
    assert_eq!((found.steps(), asked(&found).len()), (Vec::new(), 0));
    assert_eq!(found.plan.unchanged, 2);
    let done = attested(&list(&[one]), "bo@spa.example", "inactivate", "{ status: inactive }", AFTER);
    assert_eq!(case(&spa, &done).steps(), ["activate blin: left"], "a tick under the address is about that account");
    let both = case(&spa, &list(&[one, two]));
    assert_eq!((both.steps().len(), asked(&both).len()), (0, 2), "{:?}", both.steps());
    let married = case(&spa, &list(&[("blin", "Bo Linden", "bo@spa.example")]));
    assert_eq!(asked(&married), [("bo@spa.example".to_owned(), "blin".to_owned(), false)]);
    assert_eq!(married.steps(), Vec::<String>::new(), "nobody loses access before somebody answered");
    assert!(married.plan.is_pending());
    let gone = spa.replace("{ first_name: Bo", "{ id: blinn, first_name: Bo");
    let gone = case(&gone, &list(&[("blin", "Bo Linden", "bo@spa.example")]));
    assert_eq!((gone.steps().len(), asked(&gone).len()), (0, 1), "{:?}", gone.steps());
}

#[test]
fn an_account_that_people_removed_is_not_created_again_where_the_list_shows_active_users_alone() {
    let active = list(&[]).replace("all: { total: 1", "active: { total: 1");
    let spa = format!("{SPA}{BO}");
    assert_eq!(case(&spa, &active).steps(), ["invite bo@spa.example: left"]);
    let ended = attested(&active, "bo@spa.example", "inactivate", "{ status: inactive }", "2026-11-26T17:00:00-07:00");
    let found = case(&spa, &ended);
    assert_eq!(found.steps(), Vec::<String>::new());
    assert!(matches!(found.plan.refusals[0].cause, RefusalCause::NotInIncompleteList { .. }), "{:?}", found.plan.refusals);
    assert!(found.plan.is_pending());
}

#[test]
fn somebody_whom_the_roster_lists_without_accents_is_not_an_unclaimed_account() {
    let earlier = "earlier:\n  jnunez: { email: jo@spa.example, first_name: José, last_name: Núñez, status: active, taken: \"2026-11-20T17:00:00-07:00\" }\n";
    let unclaimed = |first: &str| {
        let spa = format!("{SPA}  jo@spa.example: {{ first_name: {first}, last_name: NUNEZ, role: front }}\n");
        let found = case(&spa, &format!("{}{earlier}", list(&[])));
        found.actual.list.expect("a list").unseen(&found.desired).len()
    };
    assert_eq!((unclaimed("Jose"), unclaimed("Joan")), (0, 1));
}

#[test]
fn somebody_with_a_middle_name_in_the_list_alone_is_asked_about() {
    let spa = format!("{SPA}{BO}");
    for (first, last) in [("Bo A.", "Lin"), ("Bo", "Anne Lin"), ("LIN", "Bo A"), ("Bo", "Lin-Fox")] {
        let rows =
            list(&[("blin", "Bo Lin", "")]).replace("first_name: Bo, last_name: Lin", &format!("first_name: {first}, last_name: {last}"));
        let found = case(&spa, &rows);
        assert_eq!(found.steps(), Vec::<String>::new(), "{first} {last}");
        let question = &found.by_hand().questions[0];
        assert_eq!((question.has_same_names, question.like_name.as_deref()), (false, Some(format!("{first} {last}").as_str())));
    }
    let other = list(&[("blin", "Bo Lin", "")]).replace("first_name: Bo", "first_name: Ed");
    assert_eq!(case(&spa, &other).steps(), ["inactivate blin: left", "invite bo@spa.example: left"]);
}
