//! One call: its request, its answer, and its failure.

pub(super) mod answer;
pub(super) mod call;
pub(super) mod failure;
pub(super) mod request;
