//! Checks values and brings them to the stored form.

pub(super) mod broken;
pub(super) mod check;
pub(super) mod code_word;
pub(super) mod declared;
pub(super) mod normal;
pub(super) mod note;
pub(super) mod spelling;
pub(super) mod writable;
