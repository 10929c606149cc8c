//! Enums whose cases other code lists: the list is made of the cases, so that none can be missing from it.

/// Defines an enum, and `ALL`, the list of its cases.
macro_rules! with_all {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$case_meta:meta])* $case:ident,)+ }) => {
        $(#[$meta])*
        $vis enum $name {
            $($(#[$case_meta])* $case,)+
        }

        impl $name {
            /// All cases, in the order of their declaration.
            $vis const ALL: [Self; [$(stringify!($case)),+].len()] = [$(Self::$case),+];
        }
    };
}

pub(crate) use with_all;
