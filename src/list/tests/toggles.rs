//! Switches, buttons that stay pressed, and rows that a page shows as ones of people without access.

use crate::model::{Standing, Tab};

use super::super::About;
use super::{Place, case, person, spa};

const ACTIVE: Option<Standing> = Some(Standing::Active);
const INACTIVE: Option<Standing> = Some(Standing::Inactive);

fn table(header: &str, rows: &[&str]) -> String {
    format!("<!DOCTYPE html><html><body><table><tr>{header}<tr>{}</table></body></html>", rows.join("<tr>"))
}

fn try_page(place: &Place, tab: Option<Tab>, html: &str) -> Result<super::UserList, super::Problems> {
    place.try_files(&[("users.html", html.as_bytes(), tab)])
}

fn page(place: &Place, tab: Option<Tab>, html: &str) -> super::UserList {
    try_page(place, tab, html).unwrap_or_else(|problems| panic!("{problems:?}"))
}

const HEAD: &str = "<th>Name<th>Email<th>Status";

fn two(ana: &str, kim: &str) -> String {
    table(HEAD, &[&format!("<td>Ana Ruiz<td>ana@glow.example<td>{ana}"), &format!("<td>Kim Park<td>kim@glow.example<td>{kim}")])
}

#[test]
fn a_button_says_by_how_it_is_set_who_is_active() {
    for attribute in ["aria-pressed", "aria-checked", "aria-selected"] {
        for text in ["Active", ""] {
            let button = |is_on: bool| format!("<button {attribute}={is_on}>{text}</button>");
            let list = page(&spa(), None, &two(&button(true), &button(false)));
            let states = ["ana@glow.example", "kim@glow.example"].map(|login| person(&list, login).status);
            assert_eq!(states, [ACTIVE, INACTIVE], "{attribute} {text:?}");
            let equal = try_page(&spa(), None, &two(&button(false), &button(false))).unwrap_err();
            assert_eq!(case(&equal.list[0].cause), "NoStateIn", "{attribute} {text:?}: {equal:?}");
        }
        let both = |is_on: bool| format!("<button {attribute}={is_on}>Active</button><button {attribute}={}>Inactive</button>", !is_on);
        let list = page(&spa(), None, &two(&both(true), &both(false)));
        assert_eq!((person(&list, "ana@glow.example").status, person(&list, "kim@glow.example").status), (ACTIVE, INACTIVE), "{attribute}");
    }
    let options = |ana: bool| {
        format!(
            "<div role=listbox><div role=option aria-selected={ana}>Active</div><div role=option aria-selected={}>Inactive</div></div>",
            !ana
        )
    };
    let list = page(&spa(), None, &two(&options(true), &options(false)));
    assert_eq!((person(&list, "ana@glow.example").status, person(&list, "kim@glow.example").status), (ACTIVE, INACTIVE));
}

#[test]
fn a_button_beside_a_value_changes_nothing_about_the_value() {
    let star = "<button aria-pressed=false aria-label=Favorite></button>";
    let block = "<button aria-pressed=false>Block</button>";
    let rows = [
        format!("<td>Ana {star}<td>Ruiz<td>ana@glow.example<td>Active {block}"),
        format!("<td>Kim {star}<td>Park<td>kim@glow.example<td>Inactive {block}"),
    ];
    let list = page(&spa(), None, &table("<th>First Name<th>Last Name<th>Email<th>Status", &[&rows[0], &rows[1]]));
    let ana = person(&list, "ana@glow.example");
    assert_eq!((super::text(ana, crate::model::Field::FirstName), ana.status), (Some("Ana"), ACTIVE));
    let icon = |is_on: bool| format!("<td>Ana Ruiz<td>ana@glow.example <button aria-pressed={is_on} title=Blocked></button><td>Active");
    let of = |is_on: bool| {
        let list = page(&spa(), None, &table(HEAD, &[&icon(is_on), "<td>Kim Park<td>kim@glow.example<td>Active"]));
        person(&list, "ana@glow.example").blocked
    };
    assert_eq!((of(true), of(false)), (Some(true), None), "a mark that is off marks nobody");
}

#[test]
fn whether_somebody_has_access_whom_a_page_shows_as_disabled_is_unknown() {
    let head = "<th>Name<th>Email";
    for (row, class) in [
        ("</tr><tr aria-disabled=true><td>Kim Park<td>kim@glow.example", "disabled"),
        ("<td><span aria-disabled=true>Kim Park</span><td>kim@glow.example", "disabled"),
        ("</tr><tr class='row row--inactive'><td>Kim Park<td>kim@glow.example", "row--inactive"),
        ("</tr><tr class=is-deactivated><td>Kim Park<td>kim@glow.example", "is-deactivated"),
    ] {
        let html = table(head, &["<td>Ana Ruiz<td>ana@glow.example", row]);
        let list = page(&spa(), Some(Tab::Active), &html);
        assert_eq!((person(&list, "ana@glow.example").status, person(&list, "kim@glow.example").status), (ACTIVE, None), "{row}");
        let says = |about: &About| if let About::Faded { class: said, .. } = about { said == class } else { false };
        let is_said = list.notes.iter().any(|note| says(&note.about));
        assert!(is_said, "{:?}", list.notes);
        let own = spa().with(&format!("marks: {{ inactive: [{class}] }}"));
        assert_eq!(person(&page(&own, Some(Tab::Active), &html), "kim@glow.example").status, INACTIVE, "{row}");
        let other = spa().with("marks: { inactive: [gone] }");
        assert_eq!(person(&page(&other, Some(Tab::Active), &html), "kim@glow.example").status, None, "{row}");
        let nothing = spa().with(&format!("values: {{ status: {{ {class}: active }} }}"));
        assert_eq!(person(&page(&nothing, Some(Tab::Active), &html), "kim@glow.example").status, ACTIVE, "{row}");
    }
    let all = table(head, &["</tr><tr class=disabled><td>Kim Park<td>kim@glow.example"]);
    assert_eq!(person(&page(&spa(), Some(Tab::Active), &all), "kim@glow.example").status, ACTIVE, "what everybody has marks nobody");
    for (status, expected) in [("<s>Active</s>", None), ("<s>Inactive</s>", INACTIVE), ("⚪ Inactive", INACTIVE)] {
        let list = page(&spa(), None, &two("Active", status));
        assert_eq!((person(&list, "ana@glow.example").status, person(&list, "kim@glow.example").status), (ACTIVE, expected), "{status}");
    }
    assert!(try_page(&spa(), None, &two("🟢 Active", "⚪ Active")).is_err(), "a sign beside a state says no");
    let styled = "</tr><tr class=gone><td>Kim Park<td>kim@glow.example";
    for sheet in [".gone td { text-decoration: line-through }", "tr.gone { text-decoration-line: line-through }"] {
        let html = format!("<style>{sheet}</style>{}", table(head, &["<td>Ana Ruiz<td>ana@glow.example", styled]));
        let list = page(&spa(), Some(Tab::Active), &html);
        assert_eq!((person(&list, "ana@glow.example").status, person(&list, "kim@glow.example").status), (ACTIVE, None), "{sheet}");
    }
}

#[test]
fn a_button_that_undoes_a_state_says_that_somebody_is_in_it() {
    let head = "<th>Name<th>Email<th>Actions";
    for button in ["<button>Reactivate</button>", "<a href=#>Resend invite</a>", "<button aria-label=Activate></button>"] {
        let row = format!("<td>Kim Park<td>kim@glow.example<td>{button}");
        let html = table(head, &["<td>Ana Ruiz<td>ana@glow.example<td><button>Deactivate</button>", &row]);
        let list = page(&spa(), Some(Tab::Active), &html);
        assert_eq!((person(&list, "ana@glow.example").status, person(&list, "kim@glow.example").status), (ACTIVE, None), "{button}");
        assert!(list.notes.iter().any(|note| case(&note.about) == "Faded"), "{:?}", list.notes);
    }
    let all = table(head, &["<td>Kim Park<td>kim@glow.example<td><button>Resend</button>"]);
    assert_eq!(person(&page(&spa(), Some(Tab::Pending), &all), "kim@glow.example").status, Some(Standing::Pending));
}

#[test]
fn a_name_is_what_the_header_and_the_cell_say_that_it_is() {
    let of = |header: &str, name: &str| {
        let list =
            page(&spa(), Some(Tab::Active), &table(&format!("<th>{header}<th>Email"), &[&format!("<td>{name}<td>ana@glow.example")]));
        let ana = person(&list, "ana@glow.example").clone();
        [crate::model::Field::FirstName, crate::model::Field::LastName].map(|field| super::text(&ana, field).map(str::to_owned))
    };
    let pair = |first: &str, last: &str| [Some(first.to_owned()), Some(last.to_owned())];
    assert_eq!(of("Name (Last First)", "Ruiz Ana"), pair("Ana", "Ruiz"));
    assert_eq!(of("Nom et pr\u{e9}nom", "Ruiz Ana"), pair("Ana", "Ruiz"));
    assert_eq!(of("Name", "Ana Ruiz"), pair("Ana", "Ruiz"));
    assert_eq!(of("Name", "RUIZ Ana"), [None, None]);
    assert_eq!(of("Name (Last First)", "Ruiz Lopez Ana"), [None, None]);
    let picture = table("<th>Name<th>Email", &["<td><img alt='Ana Ruiz'><td>ana@glow.example"]);
    let list = page(&spa(), Some(Tab::Active), &picture);
    assert!(!person(&list, "ana@glow.example").fields.contains_key(&crate::model::Field::FirstName), "a picture may have the name");
}

/// A page with a column in which Olivia and Ana have one content, and Kim another one.
fn of_icons(header: &str, yes: &str, no: &str) -> String {
    let row = |name: &str, cell: &str| format!("<td>{name} Lee<td>{name}@glow.example<td>{cell}");
    table(&format!("<th>Name<th>Email<th>{header}"), &[&row("olivia", yes), &row("ana", yes), &row("kim", no)])
}

#[test]
fn icons_of_a_column_of_states_that_differ_are_asked_about_and_are_never_the_tab() {
    let icon = |class: &str| format!("<i class='{class}'></i>");
    let font = |name: &str| format!("<span class=material-icons>{name}</span>");
    for (yes, no) in [
        (icon("fa fa-check"), icon("fa fa-times")),
        (icon("mdi mdi-check"), icon("mdi mdi-close")),
        (icon("bi bi-check"), icon("bi bi-x")),
        (icon("fa fa-toggle-on"), icon("fa fa-toggle-off")),
        (icon("dot green"), icon("dot red")),
        (font("check"), font("close")),
        ("<svg class='lucide lucide-check'></svg>".to_owned(), "<svg class='lucide lucide-x'></svg>".to_owned()),
        ("<img src=tick.png>".to_owned(), "<img src=cross.png>".to_owned()),
        (icon("fa fa-check"), String::new()),
        (icon("fa fa-check"), "\u{2014}".to_owned()),
    ] {
        for header in ["Active", "Status", "Disabled"] {
            let list = page(&spa(), Some(Tab::Active), &of_icons(header, &yes, &no));
            assert!(list.people.values().all(|person| person.status.is_none()), "{header} {yes} {no}: {:?}", list.people);
            let names = |about: &About| about.icons_of_column().len();
            assert!(list.notes.iter().map(|note| names(&note.about)).sum::<usize>() > 0, "{header} {yes} {no}: {:?}", list.notes);
            assert!(!list.notes.iter().any(|note| case(&note.about) == "Icons"), "{header} {yes} {no}: {:?}", list.notes);
        }
    }
    let equal = page(&spa(), Some(Tab::Active), &of_icons("Active", &icon("fa fa-check"), &icon("fa fa-check")));
    assert!(equal.people.values().all(|person| person.status == ACTIVE), "icons that are equal say nothing");
}

#[test]
fn the_workspace_can_say_what_the_icons_of_a_column_mean() {
    let html = |header: &str| of_icons(header, "<i class='fa fa-check'></i>", "<i class='fa fa-times'></i>");
    let states = |list: &super::UserList| ["olivia", "ana", "kim"].map(|name| person(list, &format!("{name}@glow.example")).status);
    for header in ["Active", "Status"] {
        let place = spa().with("values: { status: { fa-check: active, fa-times: inactive } }");
        assert_eq!(states(&page(&place, None, &html(header))), [ACTIVE, ACTIVE, INACTIVE], "{header}");
        let half = spa().with("values: { status: { fa-times: inactive } }");
        assert_eq!(states(&page(&half, Some(Tab::Active), &html(header))), [None, None, INACTIVE], "{header}");
        let marks = spa().with("marks: { inactive: [fa-times] }");
        assert_eq!(states(&page(&marks, Some(Tab::Active), &html(header))), [ACTIVE, ACTIVE, INACTIVE], "{header}");
    }
    let blocked = page(&spa().with("values: { blocked: { fa-check: 'no', fa-times: 'yes' } }"), Some(Tab::Active), &html("Blocked"));
    assert_eq!(["ana", "kim"].map(|name| person(&blocked, &format!("{name}@glow.example")).blocked), [Some(false), Some(true)]);
    let open = page(&spa(), Some(Tab::Active), &html("Blocked"));
    assert!(
        open.people.values().all(|person| person.blocked.is_none())
            && open.notes.iter().any(|note| !note.about.icons_of_column().is_empty())
    );
}

#[test]
fn the_class_of_a_card_counts_beside_its_other_lines() {
    let card = |login: &str, class: &str| {
        format!(
            "<li class='{class}'><h3>{login} Lee</h3><a href='mailto:{login}@x.example'>{login}@x.example</a><span>Provider</span></li>"
        )
    };
    for class in ["user user--archived", "user inactive", "user card--disabled"] {
        let list = page(&spa(), Some(Tab::Active), &format!("<ul>{}{}</ul>", card("ana", "user"), card("kim", class)));
        assert_eq!((person(&list, "ana@x.example").status, person(&list, "kim@x.example").status), (ACTIVE, None), "{class}");
        assert!(list.notes.iter().any(|note| case(&note.about) == "Faded"), "{class}: {:?}", list.notes);
    }
}

#[test]
fn a_picture_or_a_sign_behind_a_name_is_asked_about() {
    for name in [
        "<img src='/img/user-inactive.png' alt=''>Kim Park",
        "<img src='/img/7.png' alt='Kim Park (deactivated)'>Kim Park",
        "Kim Park (left)",
        "Kim Park [X]",
        "Kim Park OLD",
    ] {
        let row = |name: &str, login: &str| format!("<td>{name}<td>{login}@x.example<td>Provider");
        let html = table("<th>Name<th>Email<th>Role", &[&row("Ana Old", "ana"), &row("Cy Fox (Lead)", "cy"), &row(name, "kim")]);
        let list = page(&spa(), Some(Tab::Active), &html);
        let states = ["ana@x.example", "cy@x.example", "kim@x.example"].map(|login| person(&list, login).status);
        assert_eq!(states, [ACTIVE, ACTIVE, None], "{name}");
        assert!(list.notes.iter().any(|note| case(&note.about) == "Stray"), "{name}: {:?}", list.notes);
    }
}
