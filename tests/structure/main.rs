//! The house rules that a compiler does not know: who may use whom, what is pure, where vendors are named, what is proved.
//!
//! Every check has a negative control: a snippet that breaks the rule, and must be reported.

mod bugs;
mod causes;
mod comparisons;
mod descriptions;
mod folders;
mod front_end;
mod homes;
mod hygiene;
mod limits;
mod log_words;
mod names;
mod negative;
mod new_cases;
mod page_paths;
mod pairs;
mod patterns;
mod purity;
mod ranks;
mod requirements;
mod size;
mod sockets;
mod source;
mod states;
mod vendors;
mod wildcards;
mod words;
