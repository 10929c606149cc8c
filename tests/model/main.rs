//! The values themselves, and the one state machine: the server and `transition` agree.

mod fields;
mod transition;
