//! Pages as people save them: with another tab chosen, with icons of a font, with cards, in one file.

use crate::model::{Field, Standing, Tab};

use super::super::{About, Cause};
use super::{cases, person, set, spa, text};

#[test]
fn a_page_with_another_tab_chosen_is_refused() {
    let table = "<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@glow.example<td>Provider</table>";
    let tabs = "<div role=tablist><button role=tab aria-selected=false>Active</button><button role=tab aria-selected=true>Inactive (1)</button></div>";
    let links = "<ul class=nav><li><a class=nav-link>Active</a><li><a class='nav-link active'>Inactive</a></ul>";
    for tabs in [tabs, links] {
        let page = format!("<html><body>{tabs}{table}</body></html>");
        let given = |tab: Tab| spa().try_files(&[("page.html", page.as_bytes(), Some(tab))]);
        assert_eq!(given(Tab::Active).unwrap_err().list[0].cause, Cause::OtherTab { given: Tab::Active, chosen: Tab::Inactive });
        assert_eq!(person(&given(Tab::Inactive).unwrap(), "ana@glow.example").status, Some(Standing::Inactive));
    }
}

#[test]
fn the_name_of_an_icon_is_a_mark_and_not_text() {
    let list = spa().active(
        "<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@glow.example <span class='material-icons'>cancel</span><td>Provider<tr><td>Kim Park<td>kim@glow.example<td>Provider</table>",
    );
    assert_eq!(person(&list, "ana@glow.example").blocked, Some(true));
    assert_eq!(person(&list, "kim@glow.example").blocked, Some(false));
}

#[test]
fn rows_that_a_page_hides_and_a_search_make_a_list_incomplete() {
    let page = |search: &str, hidden: &str| {
        format!(
            "<html><body>{search}<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@glow.example<td>Provider<tr {hidden}><td>Kim<td>kim@glow.example<td>Provider</table></body></html>"
        )
    };
    let is_filtered = |page: &str| spa().active(page).tabs[&Tab::Active].is_filtered;
    assert!(!is_filtered(&page("<input type=search value=''>", "")));
    assert!(is_filtered(&page("<input type=search value='ana'>", "")));
    assert!(is_filtered(&page("", "hidden")));
}

#[test]
fn users_on_cards_are_read() {
    let card = |name: &str, email: &str, words: &str| {
        format!("<div class=card><h3>{name}</h3><p><a href='mailto:{email}'>{email}</a></p>{words}</div>")
    };
    let page = format!(
        "<html><body><h1>Users</h1><section>{}{}</section><footer>help@vendor.example</footer></body></html>",
        card("Ana Ruiz", "ana@glow.example", "<span>Provider</span>"),
        card("Kim Park", "kim@glow.example", "<p>Front Desk</p><p>Invited 3 days ago</p>")
    );
    let list = spa().active(&page);
    assert_eq!(list.people.len(), 2);
    let (ana, kim) = (person(&list, "ana@glow.example"), person(&list, "kim@glow.example"));
    assert_eq!((text(ana, Field::LastName), text(ana, Field::Role), ana.status), (Some("Ruiz"), Some("provider"), Some(Standing::Active)));
    assert_eq!((text(kim, Field::Role), kim.status), (Some("front-desk"), Some(Standing::Pending)));
    let whole =
        spa().try_files(&[("team.html", page.replace("Provider</span>", "Provider</span><p>Active</p>").as_bytes(), None)]).unwrap();
    assert_eq!(person(&whole, "ana@glow.example").status, Some(Standing::Active));
    let problems = spa().try_files(&[("team.html", page.as_bytes(), None)]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::NoState, "one of them has no word for it");
    let one = format!("<html><body>{}</body></html>", card("Ana Ruiz", "ana@glow.example", ""));
    assert_eq!(cases(&spa().refused(&one)), [(None, "NoTable".to_owned())], "one address can be anybody's");
}

#[test]
fn a_page_in_one_file_with_its_pictures_is_read() {
    let page = "<table><tr><th>Name<th>Email<tr><td>Zo=C3=AB Ru=\r\niz<td>zoe@glow.example</table>";
    let file = format!(
        "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"--x\"\r\n\r\n\r\n----x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body>{page}</body></html>\r\n----x--\r\n"
    );
    assert_eq!(text(person(&spa().active(&file), "zoe@glow.example"), Field::FirstName), Some("Zoë"));
}

#[test]
fn rows_that_are_not_of_users_are_left_out() {
    let head = "<thead><tr><th>Name<th>Email<th>Role</tr>";
    let fields = "<tr><th><input placeholder=Filter><th><input value=''><th><select><option>All<option>Admin</select></tr>";
    let rows = "<tr><td>Ana Ruiz<td>ana@glow.example<td>Provider</tr>";
    let details = "<tr><td colspan=3><table><tr><th>Permission<th>On<tr><td>x<td>y</table></tr>";
    let list =
        spa().active(&format!("<table>{head}{fields}</thead>{rows}{details}<tr><td>Kim Park<td>kim@glow.example<td>Front Desk</table>"));
    assert_eq!((list.people.len(), list.tabs[&Tab::Active].is_filtered), (2, false));
    let list = spa().active(&format!("<table>{head}{}</thead>{rows}</table>", fields.replace("value=''", "value='ana'")));
    assert!(list.tabs[&Tab::Active].is_filtered, "somebody has looked for ana");
}

#[test]
fn the_action_of_a_link_is_not_part_of_a_value() {
    let page =
        "<table><tr><th>Name<th>Email<th>Status<tr><td>Ana Ruiz<td>ana@glow.example<td>Pending <a href='#'>Resend invite</a></table>";
    let list = spa().try_files(&[("users.html", page.as_bytes(), None)]).unwrap();
    assert_eq!(person(&list, "ana@glow.example").status, Some(Standing::Pending));
}

#[test]
fn the_number_beside_the_name_of_a_tab_is_a_total() {
    let page = |count: &str| {
        format!(
            "<html><body><div role=tablist><a role=tab aria-selected=true>Active <span>{count}</span></a><a role=tab>Inactive (9)</a></div><table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@glow.example<tr><td>Kim Park<td>kim@glow.example</table></body></html>"
        )
    };
    let total = |count: &str| spa().active(&page(count)).tabs[&Tab::Active].total;
    assert_eq!((total("5"), total("(2)"), total("")), (Some(5), Some(2), None));
    assert_eq!(total("1"), None, "it counts something else");
}

#[test]
fn a_word_of_a_state_beside_a_name_is_not_part_of_it() {
    let page = |name: &str| format!("<table><tr><th>Name<th>Email<tr><td>{name}<td>joe@x.example<tr><td>Ana Ruiz<td>ana@x.example</table>");
    for name in [
        "Joe Doe <span class=badge>Deactivated</span>",
        "Joe Doe <span class='MuiChip-label'>Deactivated</span>",
        "Joe Doe (Inactive)",
        "Joe Doe - DISABLED",
    ] {
        let list = spa().active(&page(name));
        let joe = person(&list, "joe@x.example");
        assert_eq!(
            (text(joe, Field::FirstName), text(joe, Field::LastName), joe.status),
            (Some("Joe"), Some("Doe"), Some(Standing::Inactive)),
            "{name}"
        );
    }
    let list = spa().active(&page("Joe Doe (Blocked)"));
    assert_eq!((person(&list, "joe@x.example").blocked, list.blocked), (Some(true), true));
    let list = spa().active(&page("Joe Active"));
    assert_eq!(text(person(&list, "joe@x.example"), Field::LastName), Some("Active"), "two words are a name");
}

#[test]
fn a_page_that_was_narrowed_down_is_not_complete() {
    let table = "<table><tr><th>Name<th>Email<tr><td>Ana Ruiz<td>ana@x.example</table><p>Showing 1 to 1 of 1 entries</p>";
    let is_filtered = |beside: &str| spa().active(&format!("<html><body>{beside}{table}</body></html>")).tabs[&Tab::Active].is_filtered;
    for beside in [
        "<input type=text placeholder='Search users' value=north>",
        "<input name=filter value=north>",
        "<select><option>All clinics<option selected>North</select>",
        "<select><option value=''>All<option selected>Pending</select>",
        "<label><input type=checkbox checked> Show admins only</label>",
        "<span>Role: Admin <button aria-label='Remove filter'>x</button></span>",
        "<span>2 filters applied</span>",
    ] {
        assert!(is_filtered(beside), "{beside}");
    }
    for beside in [
        "<input type=text placeholder='Search users' value=''>",
        "<input name=email value=x>",
        "<select><option>All clinics<option>North</select>",
        "<select><option selected>All clinics<option>North</select>",
        "<select><option>All<option selected>Active</select>",
        "<select><option>All<option>10<option selected>25</select>",
        "<label><input type=checkbox> Show admins only</label>",
        "<span>0 filters applied</span>",
    ] {
        assert!(!is_filtered(beside), "{beside}");
    }
    let pasted = |line: &str| {
        spa().active(&format!("{line}\nName\tEmail\nAna Ruiz\tana@x.example\nShowing 1 to 1 of 1\n")).tabs[&Tab::Active].is_filtered
    };
    assert!(pasted("Search: north") && pasted("Filter: North") && !pasted("Filter: Active") && !pasted("Search:"));
}

#[test]
fn a_file_that_says_of_itself_that_it_shows_others_is_refused() {
    let table = "<tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@glow.example<td>Provider</table>";
    let csv = "Name,Email,Role\nAna Ruiz,ana@glow.example,Provider\n";
    for (file, chosen) in [
        (format!("<html><body><h2>Inactive users</h2><table>{table}</body></html>"), Tab::Inactive),
        (format!("<html><body><table><caption>Deactivated users (1)</caption>{table}</body></html>"), Tab::Inactive),
        (format!("<html><body><h1>Pending invitations</h1><table>{table}</body></html>"), Tab::Pending),
        (format!("<html><body><nav><a>Users</a> / <a aria-current=page>Inactive</a></nav><table>{table}</body></html>"), Tab::Inactive),
        (format!("Inactive users\n\n{csv}"), Tab::Inactive),
    ] {
        let given = |tab: Tab| spa().try_files(&[("users", file.as_bytes(), Some(tab))]);
        assert_eq!(given(Tab::Active).unwrap_err().list[0].cause, Cause::OtherTab { given: Tab::Active, chosen }, "{file}");
        assert!(given(chosen).is_ok(), "{file}");
    }
    let plain = format!("<html><body><h2>Team members</h2><table>{table}</body></html>");
    assert!(spa().try_files(&[("users", plain.as_bytes(), Some(Tab::Active))]).is_ok());
}

#[test]
fn a_choice_that_leaves_people_out_makes_a_page_incomplete() {
    let page = |chosen: &str| {
        format!(
            "<html><body>{chosen}<table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@glow.example<td>Provider</table><p>Showing 1 to 1 of 1 entries</body></html>"
        )
    };
    let is_filtered = |chosen: &str| spa().active(&page(chosen)).tabs[&Tab::Active].is_filtered;
    for chosen in [
        "<div class=MuiChip-root><span class=MuiChip-label>Clinic: Glow Uptown</span><svg data-testid=CancelIcon></svg></div>",
        "<button aria-label='Filters, 1 active'>Filter <span class=badge>1</span></button>",
        "<div role=combobox aria-label=Clinic>Glow Uptown</div>",
        "<div class=react-select__single-value>Glow Uptown</div>",
        "<div role=tablist><button role=tab aria-selected=false>All</button><button role=tab aria-selected=true>Glow Uptown</button></div>",
        "<ul><li><a>All</a><li><a class=active>A</a><li><a>B</a></ul>",
        "<select><option>Glow Downtown<option selected>Glow Uptown</select>",
        "<button aria-pressed=true>Provider</button>",
    ] {
        assert!(is_filtered(chosen), "{chosen}");
    }
    for chosen in [
        "<button aria-pressed=true>Active</button>",
        "<span class=badge>3 pending</span>",
        "<div role=combobox>25</div>",
        "<a class=active>Users</a>",
        "<form><select><option>Front Desk<option selected>Provider</select></form>",
        "<button aria-label=Filters>Filter</button>",
        "<a aria-current=page>1</a>",
    ] {
        assert!(!is_filtered(chosen), "{chosen}");
    }
    let saved = |query: &str| format!("<!-- saved from url=(0040)https://app.example/users{query} -->{}", page(""));
    let is_filtered = |query: &str| spa().active(&saved(query)).tabs[&Tab::Active].is_filtered;
    assert!(is_filtered("?clinic=north") && is_filtered("?q=ana&page=1") && is_filtered("?filter[role]=admin"));
    assert!(!is_filtered("") && !is_filtered("?page=2&sort=name") && !is_filtered("?status=active") && !is_filtered("?role=all"));
}

#[test]
fn a_person_who_gives_the_number_of_users_has_seen_what_is_chosen() {
    let page = "<html><body><button aria-pressed=true>Provider</button><table><tr><th>Name<th>Email<th>Role<tr><td>Ana Ruiz<td>ana@glow.example<td>Provider</table></body></html>";
    let of = |totals: &[(Tab, u64)]| spa().with_totals(page, totals).tabs[&Tab::Active];
    assert!(of(&[]).is_filtered && of(&[]).is_chosen);
    assert!(!of(&[(Tab::Active, 1)]).is_filtered);
}

#[test]
fn cards_under_several_headings_are_all_read_and_a_heading_says_their_state() {
    let card = |name: &str| format!("<li class=card><b>{name} Lee</b> <a href='mailto:{name}@x.example'>{name}@x.example</a></li>");
    let page = |first: &str, second: &str| {
        format!(
            "<html><body><h3>{first}</h3><ul>{}{}</ul><h3>{second}</h3><ul>{}</ul><footer><a href='mailto:help@x.example'>help@x.example</a></footer>",
            card("olivia"),
            card("ana"),
            card("kim")
        )
    };
    let html = page("Active", "Deactivated (1)");
    for tab in [None, Some(Tab::Active)] {
        let list = spa().try_files(&[("u.html", html.as_bytes(), tab)]).unwrap_or_else(|problems| panic!("{problems:?}"));
        let states = ["olivia", "ana", "kim"].map(|name| person(&list, &format!("{name}@x.example")).status);
        assert_eq!(states, [Some(Standing::Active), Some(Standing::Active), Some(Standing::Inactive)], "{tab:?}");
        assert_eq!(list.people.len(), 3, "the address below the list is nobody's card");
    }
    assert_eq!(spa().active(&page("Downtown", "Uptown")).people.len(), 3);
}

#[test]
fn a_state_above_the_header_of_a_pasted_text_is_that_of_the_people_below_it() {
    let text = "Active (2)\nName\tEmail\tRole\nOlivia Lee\tolivia@x.example\tAdmin\nAna Lee\tana@x.example\tProvider\nInactive (1)\nKim Lee\tkim@x.example\tFront Desk\n";
    let list = spa().try_files(&[("u.txt", text.as_bytes(), None)]).unwrap_or_else(|problems| panic!("{problems:?}"));
    let states = ["olivia", "ana", "kim"].map(|name| person(&list, &format!("{name}@x.example")).status);
    assert_eq!(states, [Some(Standing::Active), Some(Standing::Active), Some(Standing::Inactive)]);
}

#[test]
fn a_name_of_which_letters_are_lost_is_not_known() {
    for name in ["Jos\u{fffd} N\u{fffd}ez", "JosÃ© NuÃ±ez"] {
        let whole = spa().active(&format!("Name,Email\n{name},jose@x.example\nKim Lee,kim@x.example\n"));
        let (first, last) = name.split_once(' ').unwrap();
        let parts = spa().active(&format!("First Name,Last Name,Email\n{first},{last},jose@x.example\nKim,Lee,kim@x.example\n"));
        for list in [whole, parts] {
            let fields = &person(&list, "jose@x.example").fields;
            assert!(!fields.contains_key(&Field::FirstName) && !fields.contains_key(&Field::LastName), "{name}: {fields:?}");
            let is_named = |about: &About| if let About::Unknown { rows, .. } = about { *rows == [2] } else { false };
            assert!(list.notes.iter().any(|note| is_named(&note.about)), "{name}: {:?}", list.notes);
        }
    }
}

#[test]
fn a_label_in_an_element_of_its_own_is_not_a_part_of_the_value() {
    let cell = |label: &str, value: &str| format!("<td data-label='{label}'><div><span class=m>{label}</span> {value}</div></td>");
    let row = |name: &str, email: &str, clinic: &str| {
        format!("<tr>{}{}{}</tr>", cell("Name", name), cell("Email", email), cell("Clinic", clinic))
    };
    let head = "<tr><th>Name</th><th>Email</th><th>Clinic</th></tr>";
    let page = format!("<table>{head}{}{}</table>", row("Ana Ruiz", "ana@x.example", "Glow Uptown"), row("Kim Park", "kim@x.example", ""));
    let list = spa().active(&page);
    let ana = person(&list, "ana@x.example");
    assert_eq!((text(ana, Field::FirstName), text(ana, Field::LastName)), (Some("Ana"), Some("Ruiz")));
    assert_eq!(ana.fields[&Field::Clinics], set(&["uptown"]));
}

#[test]
fn a_cut_address_below_a_name_is_whole_in_its_title() {
    for (title, shown) in [("ana@glow.example", "ana@g…"), ("ana@glow.example", "ana@g..."), ("ana@glow.example", "ana@…example")] {
        let page = format!(
            "<table><tr><th>Member</th><th>Role</th></tr><tr><td>Ana Ruiz<div title='{title}'>{shown}</div></td><td>Provider</td></tr></table>"
        );
        let list = spa().active(&page);
        assert_eq!(text(person(&list, title), Field::LastName), Some("Ruiz"), "{shown}");
    }
}

#[test]
fn a_heading_of_expired_invitations_or_of_people_who_were_deleted_says_so_of_the_people_below_it() {
    let table =
        |name: &str, email: &str| format!("<table><tr><th>Name</th><th>Email</th></tr><tr><td>{name}</td><td>{email}</td></tr></table>");
    for (heading, status, is_expired) in [
        ("Expired invitations", Standing::Pending, true),
        ("Pending invitations", Standing::Pending, false),
        ("Recently deleted", Standing::Inactive, false),
        ("Deleted in the last 30 days", Standing::Inactive, false),
        ("Archive", Standing::Inactive, false),
    ] {
        let page = format!("<h2>Users</h2>{}<h2>{heading}</h2>{}", table("Ana Ruiz", "ana@x.example"), table("Kim Park", "kim@x.example"));
        let list = spa().active(&page);
        let kim = person(&list, "kim@x.example");
        assert_eq!((kim.status, kim.is_expired), (Some(status), is_expired), "{heading}");
        assert_eq!(person(&list, "ana@x.example").status, Some(Standing::Active), "{heading}");
    }
}

#[test]
fn a_line_that_names_one_clinic_or_role_says_that_others_are_left_out() {
    let page = |line: &str| {
        format!(
            "<p>2 users</p><div>{line}</div><table><tr><th>Name</th><th>Email</th></tr><tr><td>Ana Ruiz</td><td>ana@x.example</td></tr><tr><td>Kim Park</td><td>kim@x.example</td></tr></table>"
        )
    };
    for (line, is_filtered) in [
        ("Showing users in Glow Downtown", true),
        ("Role is Provider", true),
        ("Viewing members for Glow Uptown", true),
        ("Showing users in all locations", false),
        ("Your role is Administrator", false),
        ("Showing 1 to 2 of 2 users", false),
    ] {
        let list = spa().active(&page(line));
        assert_eq!(list.tabs[&Tab::Active].is_filtered, is_filtered, "{line}");
    }
}
