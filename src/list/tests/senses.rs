//! The meanings of yes and no in columns of states: each column has its own sense, whether or not the workspace names it.

use crate::model::{Standing, Tab};

use super::super::problem::WordKind;
use super::super::{AddressFault, Cause};
use super::{case, person, plain, spa};

const ACTIVE: Option<Standing> = Some(Standing::Active);
const INACTIVE: Option<Standing> = Some(Standing::Inactive);

fn two(header: &str, ana: &str, lee: &str) -> String {
    format!("Email,Name,{header}\nana@x.example,Ana Ruiz,{ana}\nlee@x.example,Lee Old,{lee}\n")
}

fn states(own: &str, text: &str) -> Vec<Option<Standing>> {
    spa().with(own).read(text).people.values().map(|person| person.status).collect()
}

#[test]
fn a_header_keeps_its_sense_when_the_workspace_names_it() {
    for (header, ana, lee) in [
        ("Is Hidden", "", "X"),
        ("Hidden", "No", "Yes"),
        ("Inactive", "No", "Yes"),
        ("Archived", "False", "True"),
        ("Suspended", "No", "Yes"),
        ("Block credential", "False", "True"),
        ("Termination Date", "", "2026-11-01"),
        ("End Date", "", "11/25/2026"),
        ("Active", "Yes", "No"),
        ("Account active", "Yes", "No"),
    ] {
        let own = format!("columns: {{ status: [{header}] }}");
        assert_eq!(states(&own, &two(header, ana, lee)), [ACTIVE, INACTIVE], "{header}");
    }
}

#[test]
fn nobody_guesses_what_yes_says_under_an_unknown_header() {
    for header in ["Locked", "Former Employee", "No access"] {
        let own = format!("columns: {{ status: [{header}] }}");
        let problems = spa().with(&own).try_files(&[("l.csv", two(header, "No", "Yes").as_bytes(), None)]).unwrap_err();
        let is_asked = |cause: &Cause| if let Cause::UnknownWord { kind, .. } = cause { *kind == WordKind::YesOrNo } else { false };
        assert!(problems.list.iter().all(|problem| is_asked(&problem.cause)) && problems.list.len() == 2, "{problems:?}");
        let said = format!("{{ columns: {{ status: [{header}] }}, values: {{ status: {{ \"Yes\": inactive }} }} }}");
        assert_eq!(states(&said, &two(header, "No", "Yes")), [ACTIVE, INACTIVE], "{header}");
        assert_eq!(states(&said, &two(header, "", "x")), [ACTIVE, INACTIVE], "{header}");
    }
}

#[test]
fn a_workspaces_meaning_of_yes_counts_for_the_columns_that_it_names() {
    let own = "{ columns: { status: [Block credential] }, values: { status: { \"True\": inactive, \"False\": active } } }";
    assert_eq!(states(own, &two("Block credential", "False", "True")), [ACTIVE, INACTIVE]);
    assert_eq!(states(own, &two("accountEnabled", "True", "False")), [ACTIVE, INACTIVE]);
    let locked = "{ columns: { status: [Locked] }, values: { status: { \"Yes\": inactive, \"No\": active } } }";
    assert_eq!(states(locked, &two("Active", "Yes", "No")), [ACTIVE, INACTIVE]);
    let any = "values: { status: { \"Yes\": inactive, \"No\": active } }";
    assert_eq!(states(any, &two("Status", "No", "Yes")), [ACTIVE, INACTIVE], "it names no column");
}

#[test]
fn a_day_until_which_somebody_is_kept_out_is_asked_about() {
    for header in ["Suspended until", "Inactive until", "Disabled until", "Locked until", "On leave until"] {
        for day in ["10/01/2026", "12/31/2026"] {
            let own = format!("{{ columns: {{ status: [{header}] }} }}");
            let read = spa().with(&own).try_files(&[("l.csv", two(header, "", day).as_bytes(), Some(Tab::Active))]);
            assert!(read.unwrap_err().list.iter().all(|problem| case(&problem.cause) == "UnknownWord"), "{header}: {day}");
        }
    }
}

#[test]
fn a_column_that_the_workspace_names_is_right_where_two_contradict_each_other() {
    let list = "Email,Name,Account Status,Employment Status\nana@x.example,Ana Ruiz,Active,Active\nlee@x.example,Lee Old,Disabled,Active\n";
    assert!(spa().try_files(&[("l.csv", list.as_bytes(), None)]).is_err());
    assert_eq!(states("columns: { status: [Account Status] }", list), [ACTIVE, INACTIVE]);
    assert_eq!(states("columns: { status: [Employment Status] }", list), [ACTIVE, ACTIVE]);
    let deleted =
        "Email,Name,Block credential,Soft deletion time stamp\nana@x.example,Ana Ruiz,False,\nlee@x.example,Lee Old,False,2026-10-01\n";
    let own = "{ columns: { status: [Block credential] }, values: { status: { \"True\": inactive, \"False\": active } } }";
    assert_eq!(states(own, deleted), [ACTIVE, INACTIVE], "who was deleted was not blocked");
}

#[test]
fn two_capitals_under_state_are_a_place() {
    for (ana, lee) in [("ON", "ON"), ("ON", "AB"), ("NO", "NO"), ("AZ", "CA")] {
        let text = two("State", ana, lee);
        let problems = spa().try_files(&[("l.csv", text.as_bytes(), None)]).unwrap_err();
        assert_eq!(problems.list[0].cause, Cause::NoState, "{ana}");
        assert_eq!(spa().active(&text).unknown["active.csv"], ["State"]);
    }
}

#[test]
fn a_state_beside_a_first_or_last_name_is_not_part_of_it() {
    for (first, last) in [("Lee", "Old - INACTIVE"), ("Lee", "Old (terminated)"), ("(Inactive) Lee", "Old"), ("INACTIVE - Lee", "Old")] {
        let list = spa().active(&format!("First Name,Last Name,Email\nAna,Ruiz,ana@x.example\n{first},{last},lee@x.example\n"));
        let lee = person(&list, "lee@x.example");
        let name = |field| super::text(lee, field).unwrap_or_default();
        let found = (name(crate::model::Field::FirstName), name(crate::model::Field::LastName), lee.status);
        assert_eq!(found, ("Lee", "Old", INACTIVE), "{first} {last}");
    }
    let list = spa().active("Name,Email\nAna Ruiz,ana@x.example\nINACTIVE - Lee Old,lee@x.example\n");
    assert_eq!(person(&list, "lee@x.example").status, INACTIVE);
}

#[test]
fn expired_alone_is_an_invitation_where_the_product_has_them() {
    let list = spa().read(&two("Status", "Active", "Expired"));
    let lee = person(&list, "lee@x.example");
    assert_eq!((lee.status, lee.is_expired), (Some(Standing::Pending), true));
    let list = plain().read(&two("Status", "Active", "Link expired"));
    assert!(person(&list, "lee@x.example").is_expired);
}

#[test]
fn an_address_that_is_masked_or_beside_another_is_refused() {
    let cell = |cell: &str| {
        let page = format!("<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example<tr><td>Lee Old<td>{cell}</table>");
        spa().refused(&page).remove(0).1
    };
    assert_eq!(cell("l**@x.example"), Cause::BadAddress(AddressFault::Cut, "l**@x.example".to_owned()));
    let two = "lee@x.example` and `help@x.example".to_owned();
    assert_eq!(cell("<a href='mailto:help@x.example'>lee@x.example</a>"), Cause::BadAddress(AddressFault::Two, two));
    let hidden = "<table><tr><th>Name<th>Email<tr><td>Lee Old<td><a class=__cf_email__ data-cfemail=54383131142c7a312c3539243831>[email protected]</a></table>";
    let problems = spa().try_files(&[("p.html", hidden.as_bytes(), Some(crate::model::Tab::Active))]);
    assert!(
        problems.is_ok_and(|list| list.people.keys().all(|login| login.as_str().starts_with("lee@"))),
        "the page hides it from programs"
    );
}

#[test]
fn people_below_the_name_of_another_state_are_of_that_state() {
    let page = |cells: &str| {
        let row = |name: &str, email: &str| format!("<tr><td>{name}<td>{email}<td>Provider");
        format!(
            "<table><tr><th>Name<th>Email<th>Role{}<tr>{cells}Inactive (1){}</table>",
            row("Ana Ruiz", "ana@x.example"),
            row("Lee Old", "lee@x.example")
        )
    };
    for cells in ["<td colspan=3>", "<th colspan=3>"] {
        let list = spa().active(&page(cells));
        assert_eq!([person(&list, "ana@x.example").status, person(&list, "lee@x.example").status], [ACTIVE, INACTIVE], "{cells}");
    }
    let list =
        spa().read("Name,Email,Role\nActive (1),,\nAna Ruiz,ana@x.example,Provider\nInactive (1),,\nLee Old,lee@x.example,Provider\n");
    assert_eq!([person(&list, "ana@x.example").status, person(&list, "lee@x.example").status], [ACTIVE, INACTIVE]);
}

#[test]
fn a_label_that_names_a_state_is_turned_by_a_box_that_is_not_ticked() {
    let read = |header: &str, label: &str| {
        let cell = |ticked: &str| format!("<label><input type=checkbox {ticked}> {label}</label>");
        let page = format!(
            "<table><tr><th>Name<th>Email<th>{header}<tr><td>Ana Ruiz<td>ana@x.example<td>{}<tr><td>Lee Old<td>lee@x.example<td>{}</table>",
            cell(""),
            cell("checked")
        );
        let list = spa().try_files(&[("l.html", page.as_bytes(), None)]);
        list.map(|list| list.people.values().map(|person| person.status).collect::<Vec<_>>())
            .map_err(|problems| problems.list[0].cause.clone())
    };
    for (header, label) in [("Status", "Inactive"), ("Active", "Disabled"), ("Inactive", "Inactive"), ("Is Hidden", "Is Hidden")] {
        assert_eq!(read(header, label), Ok(vec![ACTIVE, INACTIVE]), "{header}: {label}");
    }
    for (header, label) in [("Status", "Active"), ("Active", "On"), ("Status", "Can log in")] {
        assert_eq!(read(header, label), Ok(vec![INACTIVE, ACTIVE]), "{header}: {label}");
    }
    for (header, label) in [("Status", "Login disabled"), ("Inactive", "Active")] {
        assert_eq!(case(&read(header, label).unwrap_err()), "UnknownWord", "{header}: {label}");
    }
}

#[test]
fn nothing_beside_a_state_that_may_turn_it_is_dropped() {
    for word in [
        "✗ Active",
        "Active ❌",
        "[ ] Active",
        "☐ Inactive",
        "Inactive: No",
        "Active: No",
        "Active until 10/31/2026",
        "Active (until 10/31/2026)",
        "Suspended until 11/01/2026",
        "Terminated 12/31/2026",
        "Deactivated effective 12/31/2026",
        "Not pending",
        "Uninvited",
    ] {
        let problems = spa().try_files(&[("l.csv", two("Status", "Active", word).as_bytes(), None)]).unwrap_err();
        let near = |cause: &Cause| if let Cause::UnknownWord { near, .. } = cause { near.clone() } else { panic!("{cause:?}") };
        assert_eq!(near(&problems.list[0].cause), None, "{word}: no advice can be right");
    }
    for (word, state) in [
        ("✓ Active", ACTIVE),
        ("Active (last login 3 days ago)", ACTIVE),
        ("Activated", ACTIVE),
        ("Unblocked", ACTIVE),
        ("Deactive", INACTIVE),
        ("Désactivé", INACTIVE),
        ("Desactive", INACTIVE),
        ("🔴 Inactive", INACTIVE),
        ("Deactivated on 11/01/2026", INACTIVE),
        ("Invited (expired 10/01/2026)", Some(Standing::Pending)),
    ] {
        assert_eq!(person(&spa().read(&two("Status", "Active", word)), "lee@x.example").status, state, "{word}");
    }
}

#[test]
fn the_mark_of_a_block_counts_beside_login_and_name() {
    let icon = "<i class=material-icons>cancel</i>";
    let blocked = |email: &str, other: &str, head: &str| {
        let page = format!(
            "<table><tr><th>Name<th>Email<th>{head}<th>Role<tr><td>Ana Ruiz<td>ana@x.example {email}<td>{other}<td>Provider<tr><td>Lee Old<td>lee@x.example<td><td>Provider</table>"
        );
        person(&spa().active(&page), "ana@x.example").blocked
    };
    assert_eq!(blocked(icon, "", "2FA"), Some(true));
    assert_eq!(blocked("", icon, ""), Some(true), "beside the address");
    for head in ["2FA", "Verified", "Actions"] {
        assert_eq!(blocked("", icon, head), None, "{head}");
    }
}

#[test]
fn a_line_below_the_rows_is_nobody() {
    for line in ["Exported by lee@x.example,,", "Requested by,lee@x.example,", "Report run by: lee@x.example,,", "*** End of Report ***,,"]
    {
        let list = spa().active(&format!("Name,Email,Role\nAna Ruiz,ana@x.example,Provider\n{line}\n"));
        assert_eq!(list.people.len(), 1, "{line}");
    }
    let list = spa().active("Email\ncontact@x.example\nrun@x.example\n");
    assert_eq!(list.people.len(), 2, "addresses alone");
}

#[test]
fn somebody_without_a_user_name_has_no_account_where_people_have_them() {
    let own = "columns: { login: [Username], email: [Contact] }";
    let list = spa().with(own).read(
        "Name,Username,Contact,Active\nAna Ruiz,aruiz,ana@x.example,Yes\nJo Doe,,jo@x.example,Yes\nMo Roe,,,Yes\nKim Park,kpark,,No\n",
    );
    let logins: Vec<&str> = list.people.keys().map(crate::model::LoginName::as_str).collect();
    assert_eq!(logins, ["aruiz", "kpark"]);
    let invited = "Name,Username,Contact,Status\nAna Ruiz,aruiz,ana@x.example,Active\nJo Doe,,jo@x.example,Invited\n";
    let list = spa().with(own).read(invited);
    assert!(!person(&list, "jo@x.example").fields.contains_key(&crate::model::Field::Email), "the login is the address");
}

#[test]
fn a_state_is_a_word_also_under_the_header_of_a_switch() {
    for (header, ana, lee) in [
        ("Disabled", "Enabled", "Disabled"),
        ("Is Inactive", "Enabled", "Disabled"),
        ("Inactive", "Active", "Inactive"),
        ("Archived", "Active", "Archived"),
        ("Deactivated", "Active", "Deactivated"),
    ] {
        assert_eq!(states("{}", &two(header, ana, lee)), [ACTIVE, INACTIVE], "{header}");
    }
    for header in ["Archived", "Blocked"] {
        let text = format!("Email,Name,{header}\nana@x.example,Ana Ruiz,Enabled\nlee@x.example,Lee Old,Disabled\n");
        let problems = spa().try_files(&[("l.csv", text.as_bytes(), Some(crate::model::Tab::Active))]);
        assert!(problems.is_err(), "{header}: it can mean either");
    }
}
