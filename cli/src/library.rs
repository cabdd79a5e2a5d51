//! Which Python's rules analyses follow.

use astkit::PythonVersion;
use astkit_analysis::scopes;

use crate::session::Session;

/// The version whose rules analyses follow: what was asked for, else 3.11, in which comprehensions are scopes.
pub(crate) fn scope_options(session: &Session) -> (scopes::Options, Option<PythonVersion>) {
    let python = session.settings.options.python;
    if session.settings.is_default("python-version") {
        return (scopes::Options::default(), None);
    }
    (scopes::Options { python }, Some(python))
}
