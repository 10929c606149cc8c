//! Runbooks of scenarios: what a person reads, in the vendor's words. `tests/runbooks` has each text; `BLESS=1` rewrites them.

use std::path::Path;
use std::process::Command;

use rosterctl::report::runbook::ticks;

use crate::bless;
use crate::scenario;

/// Returns the runbook of a scenario, after comparing it with the recorded one; without the data of the steps, which has the time.
fn runbook(title: &str) -> String {
    let text = raw(title);
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains("<!-- rosterctl step ")).collect();
    let shown = lines.join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runbooks").join(format!("{title}.md"));
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(bless::agrees(&path, &shown), "{title}\n{}", bless::difference(&recorded, &shown));
    shown.replace("<!-- -->", "")
}

fn raw(title: &str) -> String {
    let scenario = scenario::all().into_iter().find(|scenario| scenario.title == title).expect("the scenario");
    let folder = tempfile::tempdir().expect("a folder");
    scenario.lay_out(folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_rosterctl"));
    command.args(["plan", "--format", "runbook"]).arg(folder.path()).env("ROSTERCTL_CONFIRM_PHONE", "+1 602 555 0199");
    let output = command.output().expect("the program runs");
    String::from_utf8(output.stdout).expect("text")
}

#[track_caller]
fn says(text: &str, sentences: &[&str]) {
    let mut rest = text;
    for sentence in sentences {
        rest = rest.split_once(sentence).unwrap_or_else(|| panic!("`{sentence}` is not said, or not in this order:\n{text}")).1;
    }
}

// AR-1, AR-3, AR-5
#[test]
fn a_new_user_begins_with_the_vendors_question_and_ends_under_pending_invites() {
    let text = runbook("no-account-listed-as-active-is-invited");
    says(
        &text,
        &[
            "Ask first: Do they already have an Aesthetic Record login at another practice, under this address? Then enter the e-mail only.",
            "**Settings** › **Teammates** › **Users** › **Create User**",
            "Role: Front Desk",
            "Clinic(s): downtown",
            "First Name: `Kim`",
            "Email: `kim.park@glow.example`",
            "Contact Number: `+1",
            "It worked if: Kim Park is listed under **Users &gt; Pending Invites**",
        ],
    );
}

// AR-19, AR-21
#[test]
fn a_block_quotes_the_pop_up_and_its_buttons_and_has_nobodys_phone() {
    let text = runbook("active-listed-as-blocked-is-blocked");
    says(
        &text,
        &[
            "Do these first",
            "**Settings** › **Manage Users** › **Kim Park** › **Block**",
            "a new phone number",
            "your own",
            "Buttons: **Block** / **No**.",
            "Enter your own phone number",
            "still counts as a seat",
            "a cancel icon beside the e-mail address",
        ],
    );
    assert!(!raw("active-listed-as-blocked-is-blocked").contains("0199"), "the phone that confirms blocks is in the runbook");
}

// AR-22
#[test]
fn an_unblock_has_the_vendors_question_and_no_phone() {
    let text = runbook("blocked-listed-as-unblocked-is-unblocked-without-a-phone");
    says(
        &text,
        &["› **Unblock**", "Are you sure you want to unblock this user?", "Buttons: **Yes** / **No**.", "No phone number is asked for."],
    );
}

// AR-15, AR-16
#[test]
fn an_inactivation_says_what_it_saves_and_when() {
    let text = runbook("active-listed-as-inactive-is-inactivated");
    says(
        &text,
        &[
            "**Edit** › **Inactivate**",
            "Press **Inactivate**, then **Save**.",
            "One seat less",
            "from the next billing date",
            "**Users &gt; Inactive**",
        ],
    );
    let text = runbook("inactive-accepted-before-is-activated");
    says(&text, &["**Users** › **Inactive**", "Press **Activate**.", "One more seat", "On a yearly plan the seat is charged at once"]);
}

// AR-9, AR-12
#[test]
fn the_settings_of_a_provider_are_a_step_of_their_own() {
    let text = runbook("a-provider-is-switched-on-with-all-settings");
    says(
        &text,
        &[
            "**Edit** › **Work as Provider**",
            "Work as Provider: Yes",
            "MD consent required: Marcus Lee (marcus.lee@glow.example)",
            "Sales in dollars: `25000`",
            "Bio: `Ten years",
        ],
    );
}

#[test]
fn privileges_are_ticked_on_their_own_page() {
    let text = runbook("a-members-own-privilege-is-added-to-the-role");
    says(&text, &["**Edit** › **Manage Privileges**", "log out and log in again"]);
}

// AR-10, X-7
#[test]
fn a_first_password_is_not_in_the_runbook() {
    let text = runbook("a-first-password-makes-the-account-active-at-once");
    says(&text, &["Summary: create 1 user.", "the older page", "from where the roster says it is; it is not written here"]);
}

// AR-11
#[test]
fn a_passcode_is_generated_in_the_product_and_handed_over_in_person() {
    let text = runbook("a-passcode-is-generated-where-there-is-none");
    says(&text, &["**Edit** › **Generate Passcode**", "in person; do not write it here"]);
}

//
#[test]
fn invitations_are_sent_again_and_withdrawn_where_the_vendor_lists_them() {
    let text = runbook("pending-with-an-expired-invitation-gets-another");
    says(&text, &["**Pending Invites** › **Kim Park**", "Send the invitation again. The old link stops working."]);
    let text = runbook("pending-listed-as-inactive-has-the-invitation-withdrawn");
    says(&text, &["**Pending Invites** › **Kim Park**", "Withdraw the invitation."]);
}

// PBN-2, PBN-4, PBN-5
#[test]
fn an_employee_gets_an_account_and_the_code_word_in_person() {
    let text = runbook("an-employee-is-found-by-name-and-invited");
    says(
        &text,
        &[
            "**Settings** › **User Accounts** › **Rob Hale**",
            "Find Rob Hale among the employees.",
            "Tick the box **Active**",
            "code word",
            "in person, by phone or by text, never by e-mail, and never written here",
            "Email: `rob.hale@bright.example`",
            "Role:",
        ],
    );
}

// PBN-3
#[test]
fn somebody_from_outside_is_added_as_an_employee_first() {
    let text = runbook("a-person-from-outside-gets-an-employee-record-first");
    says(
        &text,
        &[
            "**Employees** › **Add Employee**",
            "tick the box **Active**",
            "First name: `Pat`",
            "invite",
            "Only after: `",
            "› **User Accounts** › **Pat Wood**",
        ],
    );
}

// PBN-4, PBN-5, X-7
#[test]
fn a_set_up_link_is_sent_again_and_the_code_word_is_not_in_the_runbook() {
    let text = runbook("an-expired-set-up-link-is-sent-again-with-the-hand-over");
    says(&text, &["Press **Reset password**", "code word"]);
    let text = runbook("a-code-word-is-set-and-handed-over");
    says(&text, &["Rotate the practice's code word. It is not written here"]);
    assert!(!raw("a-code-word-is-set-and-handed-over").contains("otter"), "the code word is in the runbook");
}

// CHR-1, CHR-3, CHR-4, CHR-5
#[test]
fn a_person_is_invited_by_address_and_type_and_listed_in_gray_until_they_log_in() {
    let text = runbook("a-person-is-invited-by-address-and-type");
    says(
        &text,
        &[
            "**Settings** › **Account info** › **User Management** › **Invite a New User**",
            "The address must be unique",
            "Press **Invite**.",
            "Names and title are suggestions",
            "Email Address: `will.hart@lakeside.example`",
            "Type: Staff",
            "One more seat (staff); no price is set.",
            "in gray until Will Hart has logged in",
        ],
    );
}

// CHR-6
#[test]
fn a_revoked_permission_is_marked_as_uncertain() {
    let text = runbook("permissions-are-granted-and-revoked");
    says(
        &text,
        &[
            "**Edit** › **Permissions**",
            "Permissions: tick: Settings/User Management",
            "Permissions: untick: General/Private Billing",
            "your own login password",
            "Not certain: Another page of the vendor says that a person's own permissions only add",
        ],
    );
}

#[test]
fn somebody_gets_rights_before_the_last_one_who_has_them_loses_them() {
    let text = runbook("two-administrators-change-places-in-the-right-order");
    says(
        &text,
        &["Rosa Diaz", "Role: Administrator (was Front Desk)", "Do these last", "Hugo Brandt", "Role: Front Desk (was Administrator)"],
    );
}

#[test]
fn every_box_of_a_runbook_can_be_ticked_and_read_again() {
    for scenario in scenario::all().iter().filter(|scenario| !scenario.has_before()).step_by(8) {
        let text = raw(&scenario.title);
        let boxes = text.lines().filter(|line| line.starts_with("- [ ] ")).count();
        if boxes == 0 {
            continue;
        }
        let none = ticks(&text).unwrap_or_else(|why| panic!("{}: {why}", scenario.title));
        assert_eq!((none.done.len(), none.left), (0, boxes), "{}", scenario.title);
        let all = ticks(&text.replace("- [ ] ", "- [x] ")).expect("it can be read");
        assert_eq!((all.done.len(), all.left), (boxes, 0), "{}", scenario.title);
        let again = raw(&scenario.title);
        let ids = |text: &str| {
            ticks(&text.replace("- [ ] ", "- [x] ")).expect("as before").done.into_iter().map(|tick| tick.step.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(&text), ids(&again), "{}: the same steps have the same ids in every plan", scenario.title);
    }
}

/// The click paths of the vendors' pages, each with a scenario whose runbook has it.
const CLICK_PATHS: [(&str, &str); 13] = [
    ("no-account-listed-as-active-is-invited", "Settings › Teammates › Users › Create User"),
    ("two-administrators-change-places-in-the-right-order", "Settings › Teammates › Users › Active › Rosa Diaz › Edit"),
    ("a-passcode-is-generated-where-there-is-none", "› Edit › Generate Passcode"),
    ("a-members-own-privilege-is-added-to-the-role", "› Edit › Manage Privileges"),
    ("a-provider-is-switched-on-with-all-settings", "› Edit › Work as Provider"),
    ("active-listed-as-inactive-is-inactivated", "Settings › Teammates › Users › Active › Kim Park › Edit › Inactivate"),
    ("inactive-accepted-before-is-activated", "Settings › Teammates › Users › Inactive › Kim Park › Activate"),
    ("pending-with-an-expired-invitation-gets-another", "Settings › Teammates › Users › Pending Invites › Kim Park"),
    ("active-listed-as-blocked-is-blocked", "Settings › Manage Users › Kim Park › Block"),
    ("blocked-listed-as-unblocked-is-unblocked-without-a-phone", "Settings › Manage Users › Kim Park › Unblock"),
    ("an-employee-is-found-by-name-and-invited", "menu in the upper-right corner › Settings › User Accounts › Rob Hale"),
    ("a-person-from-outside-gets-an-employee-record-first", "Settings › Employees › Add Employee"),
    ("a-person-is-invited-by-address-and-type", "Settings › Account info › User Management › Invite a New User"),
];

#[test]
fn every_click_path_of_the_vendors_pages_is_in_the_runbook_of_a_scenario() {
    for (title, path) in CLICK_PATHS {
        let text = runbook(title).replace("**", "");
        assert!(text.contains(path), "{title}: `{path}` is missing:\n{text}");
    }
}

#[test]
fn the_scenarios_of_runbooks_name_the_requirements_that_a_person_meets() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(root.join("tests/runbooks")).expect("the runbooks") {
        let title = entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned();
        let scenario = std::fs::read_to_string(root.join(format!("tests/scenarios/{title}.yaml"))).expect("the scenario");
        let first = scenario.lines().next().and_then(|line| line.strip_prefix("requirements: ")).expect("its requirements");
        named.extend(first.split(", ").map(str::to_owned));
    }
    for number in ["AR-5", "AR-19", "PBN-2", "PBN-3", "PBN-5", "CHR-1", "CHR-4"] {
        assert!(named.contains(number), "no scenario with a runbook names {number}");
    }
}
