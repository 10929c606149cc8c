//! The sentences of plans: what changes and why, what is refused, what stops a plan, and what its reader should know.

mod immutable;
mod kept_out;
mod notice;
mod reason;
mod refusal;
mod saved_plan;
mod stop;
mod takes_effect;
mod task;
mod ungranted;

pub use immutable::{immutable, kept, kept_because};
pub use kept_out::kept_out;
pub use notice::{notice, one_person};
pub use reason::{make_another_passcode, passcode_asked, passcode_by_hand, reason};
pub use refusal::{refusal, topic};
pub use saved_plan::saved_plan;
pub use stop::stop;
pub use takes_effect::takes_effect;
pub use task::task;
pub use ungranted::ungranted;
