//! Tables: where the header is, which rows are people, and how many users the page says there are.

pub(super) mod body;
pub(super) mod empty;
pub(super) mod groups;
pub(super) mod header;
pub(super) mod matrix;
pub(super) mod nobody;
pub(super) mod other_states;
pub(super) mod rows;
pub(super) mod sections;
pub(super) mod seen;
pub(super) mod table;
pub(super) mod total;
pub(super) mod totals;
