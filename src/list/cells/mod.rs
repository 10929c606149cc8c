//! Reads single cells: names, logins, states, boxes, days, clinics, and the values of other columns.

pub(super) mod boxes;
pub(super) mod clinics;
pub(super) mod days;
pub(super) mod expiry;
pub(super) mod fields;
pub(super) mod icons;
pub(super) mod logins;
pub(super) mod name_marks;
pub(super) mod names;
pub(super) mod state;
pub(super) mod state_cell;
pub(super) mod stray;
pub(super) mod values;
