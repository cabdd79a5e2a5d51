//! Passes and results of any type: what makes a pass a key, and a result a value.

use std::any::{Any, TypeId};
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use astkit_ast::NodeId;

use super::analysis::{Analysis, Preserve, Reach};
use super::context::Cx;
use super::error::PassError;
use super::pipeline::Pipeline;
use super::target::{On, Target as _};

/// A result.
pub(crate) trait DynOutput: Any + Debug + Send + Sync {
    fn equals(&self, other: &dyn DynOutput) -> bool;
    fn as_any(&self) -> &dyn Any;
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<T: PartialEq + Debug + Send + Sync + 'static> DynOutput for T {
    fn equals(&self, other: &dyn DynOutput) -> bool {
        other.as_any().downcast_ref::<T>().is_some_and(|it| it == self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// A result, shared.
#[derive(Clone, Debug)]
pub(crate) struct Value(pub(crate) Arc<dyn DynOutput>);

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.equals(&*other.0)
    }
}

impl Value {
    pub(crate) fn new<O: PartialEq + Debug + Send + Sync + 'static>(output: O) -> Self {
        Self(Arc::new(output))
    }

    pub(crate) fn get<O: 'static>(&self) -> Option<&O> {
        (*self.0).as_any().downcast_ref()
    }

    pub(crate) fn take<O: Send + Sync + 'static>(self) -> Result<Arc<O>, PassError> {
        self.0.into_any().downcast().map_err(|_| PassError::WrongTarget)
    }
}

/// Result of a pass, or why there is none.
pub(crate) type Answer = Result<Value, PassError>;

/// An analysis of any type, as a transformation sees it that is asked what it preserves.
pub trait AnyAnalysis: Any + Debug + Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// Its version.
    fn version(&self) -> u32;
    /// Its reach.
    fn reach(&self) -> Reach;
    #[doc(hidden)]
    fn as_any(&self) -> &dyn Any;
}

impl dyn AnyAnalysis {
    /// The analysis, if it is of this type; its parameters can be looked at then.
    pub fn get<A: Analysis>(&self) -> Option<&A> {
        self.as_any().downcast_ref()
    }
}

impl<A: Analysis> AnyAnalysis for A {
    fn name(&self) -> &'static str {
        Analysis::name(self)
    }

    fn version(&self) -> u32 {
        A::VERSION
    }

    fn reach(&self) -> Reach {
        Analysis::reach(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A transformation of any type, as an analysis sees it that is asked what it survives.
pub trait AnyTransformation: Any + Debug + Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// Its version.
    fn version(&self) -> u32;
    #[doc(hidden)]
    fn as_any(&self) -> &dyn Any;
}

impl dyn AnyTransformation {
    /// The transformation, if it is of this type.
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.as_any().downcast_ref()
    }
}

/// What the engine asks of an analysis.
pub(crate) trait ErasedAnalysis: AnyAnalysis {
    fn run(&self, cx: &Cx<'_>, on: On) -> Answer;
    fn bottom(&self) -> Option<Value>;
    fn widen(&self, last: &Value, next: Value) -> Value;
    fn caches(&self) -> bool;
    fn normalize(&self) -> Pipeline;
    fn survives(&self, transformation: &dyn AnyTransformation) -> Preserve;
    fn remap(&self, value: &Value, map: &dyn Fn(NodeId) -> Option<NodeId>) -> Option<Value>;
    /// Whether results are kept between runs.
    fn is_kept(&self) -> bool;
    fn encode(&self, value: &Value) -> Option<Vec<u8>>;
    fn decode(&self, bytes: &[u8]) -> Option<Value>;
    fn equals(&self, other: &dyn ErasedAnalysis) -> bool;
    fn feed(&self, hasher: &mut dyn Hasher);
    fn any(&self) -> &dyn AnyAnalysis;
}

impl<A: Analysis> ErasedAnalysis for A {
    fn run(&self, cx: &Cx<'_>, on: On) -> Answer {
        Ok(Value::new(Analysis::run(self, cx, A::On::of(on)?)?))
    }

    fn bottom(&self) -> Option<Value> {
        Analysis::bottom(self).map(Value::new)
    }

    fn widen(&self, last: &Value, next: Value) -> Value {
        let wider = last.get().zip(next.get()).and_then(|(last, next)| Analysis::widen(self, last, next));
        wider.map_or(next, Value::new)
    }

    fn caches(&self) -> bool {
        A::CACHE || Analysis::bottom(self).is_some()
    }

    fn normalize(&self) -> Pipeline {
        Analysis::normalize(self)
    }

    fn survives(&self, transformation: &dyn AnyTransformation) -> Preserve {
        Analysis::survives(self, transformation)
    }

    fn remap(&self, value: &Value, map: &dyn Fn(NodeId) -> Option<NodeId>) -> Option<Value> {
        Analysis::remap(self, value.get()?, map).map(Value::new)
    }

    fn is_kept(&self) -> bool {
        self.codec().is_some()
    }

    fn encode(&self, value: &Value) -> Option<Vec<u8>> {
        Some((self.codec()?.encode)(value.get()?))
    }

    fn decode(&self, bytes: &[u8]) -> Option<Value> {
        (self.codec()?.decode)(bytes).map(Value::new)
    }

    fn equals(&self, other: &dyn ErasedAnalysis) -> bool {
        other.as_any().downcast_ref::<A>().is_some_and(|it| it == self)
    }

    fn feed(&self, mut hasher: &mut dyn Hasher) {
        TypeId::of::<A>().hash(&mut hasher);
        self.hash(&mut hasher);
    }

    fn any(&self) -> &dyn AnyAnalysis {
        self
    }
}

/// An analysis of any type. Equal if type and parameters are.
#[derive(Clone, Debug)]
pub(crate) struct Erased(pub(crate) Arc<dyn ErasedAnalysis>);

impl PartialEq for Erased {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.equals(&*other.0)
    }
}

impl Eq for Erased {}

impl Hash for Erased {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.feed(state);
    }
}
