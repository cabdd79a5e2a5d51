//! Passes by name: those of this project, and those of every crate that is linked and says [`register!`](crate::register).

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::Arc;

use astkit_ast::{Lowered, SourceText};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::analysis::{Analysis, Reach};
use super::context::Cx;
use super::erased::{Erased, Value};
use super::error::PassError;
use super::parameters::{self, Given, Parameter, ParameterError};
use super::target::{On, Target as _, TargetKind};
use super::transformation::{AnyT, Transformation};

/// Whether a pass finds or changes something.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum PassKind {
    /// An [`Analysis`].
    Analysis,
    /// A [`Transformation`].
    Transformation,
}

impl PassKind {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            PassKind::Analysis => "analysis",
            PassKind::Transformation => "transformation",
        }
    }
}

/// A result as it is printed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    /// The result.
    pub result: Json,
    /// What could not be resolved, and why.
    pub unresolved: Vec<Json>,
}

impl Report {
    /// A result with nothing unresolved.
    pub fn of(result: Json) -> Self {
        Self { result, unresolved: Vec::new() }
    }
}

/// What there is to print a result with.
pub struct Reporting<'a> {
    /// Asks for more: nothing is recorded, as this is no pass.
    pub cx: &'a Cx<'a>,
    /// The target.
    pub on: On,
    /// The module's text.
    pub text: &'a SourceText,
    /// The module's tree with positions.
    pub lowered: &'a Lowered,
    /// How a path is shown.
    pub show: &'a dyn Fn(&std::path::Path) -> String,
}

/// An analysis whose results are not printed as serde has them.
pub trait Reported: Analysis {
    /// What to print.
    ///
    /// # Errors
    /// That of another pass.
    fn report(&self, output: &Self::Output, with: &Reporting<'_>) -> Result<Report, PassError>;
}

type Print = Arc<dyn Fn(&Value, &Reporting<'_>) -> Result<Report, PassError> + Send + Sync>;

type Make<T> = fn(&Given) -> Result<T, ParameterError>;

/// A pass that can be asked for by name.
pub struct Registration {
    name: &'static str,
    version: u32,
    about: &'static str,
    kind: PassKind,
    target: TargetKind,
    reach: Reach,
    type_id: fn() -> TypeId,
    parameters: fn() -> Vec<Parameter>,
    analysis: Option<Make<NamedAnalysis>>,
    transformation: Option<Make<AnyT>>,
    print: fn(&dyn Any) -> Given,
}

/// An analysis that was made by name.
#[derive(Clone)]
pub struct NamedAnalysis {
    pub(crate) pass: Erased,
    pub(crate) target: TargetKind,
    pub(crate) print: Print,
}

inventory::collect!(Registration);

impl std::fmt::Debug for Registration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// Makes passes known by name: to [`registered`](crate::passes::registered), to
/// [`Pipeline::parse`](crate::passes::Pipeline::parse) and to the command line of any program that links the crate.
///
/// ```text
/// astkit::register!(MyAnalysis);
/// astkit::register!(transformation MyTransformation);
/// ```
#[macro_export]
macro_rules! register {
    (transformation $pass:ty) => {
        $crate::passes::inventory::submit! { $crate::passes::Registration::transformation::<$pass>() }
    };
    ($pass:ty) => {
        $crate::passes::inventory::submit! { $crate::passes::Registration::analysis::<$pass>() }
    };
    (reported $pass:ty) => {
        $crate::passes::inventory::submit! { $crate::passes::Registration::reported::<$pass>() }
    };
}

impl Registration {
    /// An analysis whose results are printed as serde has them.
    pub const fn analysis<A>() -> Self
    where
        A: Analysis + Serialize + DeserializeOwned,
        A::Output: Serialize,
    {
        Self::of_analysis::<A>(|given| {
            let pass: A = parameters::read(given)?;
            let print = |value: &Value, _: &Reporting<'_>| {
                let output = value.get::<A::Output>().ok_or(PassError::WrongTarget)?;
                serde_json::to_value(output).map(Report::of).map_err(PassError::failed)
            };
            Ok(NamedAnalysis { pass: Erased(Arc::new(pass)), target: A::On::KIND, print: Arc::new(print) })
        })
    }

    /// An analysis that says itself what is printed.
    pub const fn reported<A: Reported + Serialize + DeserializeOwned>() -> Self {
        Self::of_analysis::<A>(|given| {
            let pass: A = parameters::read(given)?;
            let same = pass.clone();
            let print = move |value: &Value, with: &Reporting<'_>| {
                same.report(value.get().ok_or(PassError::WrongTarget)?, with)
            };
            Ok(NamedAnalysis { pass: Erased(Arc::new(pass)), target: A::On::KIND, print: Arc::new(print) })
        })
    }

    const fn of_analysis<A: Analysis + Serialize + DeserializeOwned>(make: Make<NamedAnalysis>) -> Self {
        Self {
            name: A::NAME,
            version: A::VERSION,
            about: A::ABOUT,
            kind: PassKind::Analysis,
            target: A::On::KIND,
            reach: A::REACH,
            type_id: TypeId::of::<A>,
            parameters: parameters::parameters_of::<A>,
            analysis: Some(make),
            transformation: None,
            print: |pass| pass.downcast_ref::<A>().map(parameters::print).unwrap_or_default(),
        }
    }

    /// A transformation.
    pub const fn transformation<T: Transformation + Serialize + DeserializeOwned>() -> Self {
        Self {
            name: T::NAME,
            version: T::VERSION,
            about: T::ABOUT,
            kind: PassKind::Transformation,
            target: T::On::KIND,
            reach: T::REACH,
            type_id: TypeId::of::<T>,
            parameters: parameters::parameters_of::<T>,
            analysis: None,
            transformation: Some(|given| Ok(AnyT::new(parameters::read::<T>(given)?))),
            print: |pass| pass.downcast_ref::<T>().map(parameters::print).unwrap_or_default(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// What it finds or does.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Whether it finds or changes something.
    pub fn kind(&self) -> PassKind {
        self.kind
    }

    /// What it is asked about.
    pub fn target(&self) -> TargetKind {
        self.target
    }

    /// Its parameters.
    pub fn parameters(&self) -> Vec<Parameter> {
        (self.parameters)()
    }

    /// What it may look at.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Makes the analysis with these parameters; none if it is a transformation.
    ///
    /// # Errors
    /// Parameters that are not as it wants them.
    pub fn make(&self, given: &BTreeMap<String, String>) -> Result<Option<NamedAnalysis>, ParameterError> {
        self.analysis.map(|make| make(given)).transpose()
    }
}

/// All passes, by name. Of two with one name, the one with the higher version.
pub fn registered() -> Vec<&'static Registration> {
    let mut out: Vec<_> = inventory::iter::<Registration>.into_iter().collect();
    out.sort_by_key(|it| (it.name, std::cmp::Reverse(it.version)));
    out.dedup_by_key(|it| it.name);
    out
}

/// Makes a transformation; none if there is none of this name.
pub(crate) fn transformation(name: &str, given: &Given) -> Option<Result<AnyT, ParameterError>> {
    let found = registered().into_iter().find(|it| it.name == name)?;
    let known = found.parameters();
    let key = |key: &String| {
        let is_it = |it: &&Parameter| it.name.replace('_', "-") == key.replace('_', "-");
        known.iter().find(is_it).map_or_else(|| key.clone(), |it| it.name.to_string())
    };
    let given: Given = given.iter().map(|(name, value)| (key(name), value.clone())).collect();
    Some(found.transformation?(&given))
}

/// The parameters of a transformation, if it is registered.
pub(crate) fn print(transformation: &AnyT) -> Given {
    let pass = transformation.0.as_any();
    let found = inventory::iter::<Registration>.into_iter().find(|it| (it.type_id)() == pass.type_id());
    found.map(|it| (it.print)(pass)).unwrap_or_default()
}
