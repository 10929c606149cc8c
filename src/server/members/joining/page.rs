//! The pages of an invitation.

use crate::members::CODE_LIVES;
use crate::model::Field;
use crate::report::span;
use crate::server::members::frame::page_name::PageName;
use crate::server::members::links;
use crate::server::members::passwords::{new_password, user_name};
use crate::server::members::view::{FieldKind, FieldView, FormView, Page};
use crate::server::members::visit::Visit;
use crate::server::members::words;

/// The names that a member confirms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Confirmed {
    pub(super) first: String,
    pub(super) last: String,
    pub(super) title: String,
}

/// The faults of the form, by field; empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct JoiningFaults {
    pub(super) code_word: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) title: String,
    pub(super) password: String,
}

fn confirms(visit: &Visit) -> &[Field] {
    visit.workspace.catalog().members.as_ref().map_or(&[], |rules| rules.confirms.as_slice())
}

/// The names as they were typed; those of the invitation where the platform does not ask for them.
pub(super) fn confirmed(visit: &Visit, invited: &Confirmed) -> Confirmed {
    let typed = |field, name: &str, otherwise: &String| {
        if confirms(visit).contains(&field) { visit.form.text(name).to_owned() } else { otherwise.clone() }
    };
    Confirmed {
        first: typed(Field::FirstName, "first-name", &invited.first),
        last: typed(Field::LastName, "last-name", &invited.last),
        title: typed(Field::Title, "title", &invited.title),
    }
}

/// Finds the faults of the names.
pub(super) fn name_faults(visit: &Visit, names: &Confirmed) -> JoiningFaults {
    let fault = |field, text: &str, required| if confirms(visit).contains(&field) { words::name(text, required) } else { String::new() };
    JoiningFaults {
        first: fault(Field::FirstName, &names.first, true),
        last: fault(Field::LastName, &names.last, true),
        title: fault(Field::Title, &names.title, false),
        ..JoiningFaults::default()
    }
}

fn title(visit: &Visit) -> Page {
    let mut page = visit.page(&format!("Join {}", visit.workspace.name));
    page.lead.push(format!("You are invited to {} on {}.", visit.workspace.name, visit.workspace.catalog().name));
    page
}

fn form(visit: &Visit, page: PageName, fields: Vec<FieldView>, button: &str) -> FormView {
    FormView { action: visit.path(page), fields, hidden: Vec::new(), button: button.to_owned() }
}

/// The whole form: code word or names, and a new password.
pub(super) fn whole(visit: &Visit, address: &str, names: &Confirmed, faults: &JoiningFaults) -> Page {
    let mut fields = vec![user_name(address)];
    if visit.workspace.catalog().spoken_word().is_some() {
        fields.push(links::code_word_field(&faults.code_word));
    }
    for (field, name, label, autocomplete, value, fault) in [
        (Field::FirstName, "first-name", "First name", "given-name", &names.first, &faults.first),
        (Field::LastName, "last-name", "Last name", "family-name", &names.last, &faults.last),
        (Field::Title, "title", "Title", "organization-title", &names.title, &faults.title),
    ] {
        if confirms(visit).contains(&field) {
            let (value, fault) = (value.clone(), fault.clone());
            fields.push(FieldView { name, label: label.to_owned(), autocomplete, value, fault, ..FieldView::default() });
        }
    }
    fields.push(new_password(&faults.password));
    Page { form: Some(form(visit, PageName::Join, fields, "Accept the invitation")), ..title(visit) }
}

/// Before a code is sent.
pub(super) fn send(visit: &Visit) -> Page {
    let mut page = title(visit);
    page.lead.push(format!("We send a code to your cell phone. It is valid for {}.", span(CODE_LIVES)));
    Page { form: Some(form(visit, PageName::JoinCode, Vec::new(), "Send the code")), ..page }
}

/// After a code was sent.
pub(super) fn code(visit: &Visit, fault: &str) -> Page {
    let field = FieldView {
        name: "code",
        label: "Code".to_owned(),
        kind: FieldKind::Code,
        autocomplete: "one-time-code",
        hint: words::CODE_HINT.to_owned(),
        fault: fault.to_owned(),
        ..FieldView::default()
    };
    let again = (visit.path(PageName::JoinCode), "Send a new code".to_owned());
    Page { form: Some(form(visit, PageName::Join, vec![field], "Go on")), buttons: vec![again], ..title(visit) }
}

/// After the right code: the present password of a login that exists, or a new one.
pub(super) fn password(visit: &Visit, address: &str, has_login: bool, proof: &str, fault: &str) -> Page {
    let field = if has_login {
        FieldView {
            name: "password",
            label: "Your password".to_owned(),
            kind: FieldKind::Password,
            autocomplete: "current-password",
            hint: format!("The one that you use on {} already.", visit.workspace.catalog().name),
            fault: fault.to_owned(),
            ..FieldView::default()
        }
    } else {
        new_password(fault)
    };
    let mut form = form(visit, PageName::Join, vec![user_name(address), field], "Accept the invitation");
    form.hidden.push(("proof".to_owned(), proof.to_owned()));
    Page { form: Some(form), ..title(visit) }
}

/// The invitation lacks something that only the practice can add (AR-3).
pub(super) fn incomplete(visit: &Visit, missing: &str) -> Page {
    let mut page = title(visit);
    page.lead
        .push(format!("The invitation lacks {missing}, so it cannot be accepted yet. Ask the practice to add it and to invite you again."));
    page
}
