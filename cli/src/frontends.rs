//! The frontends of this build.

use astkit::Frontends;

use crate::settings::Settings;

/// All frontends, those that need something from outside set up with it.
pub(crate) fn all(_settings: &Settings) -> Frontends {
    Frontends::standard()
}
