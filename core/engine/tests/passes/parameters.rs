//! Parameters, pipelines as text, and the registry.

use std::collections::BTreeMap;

use astkit_ast::Tree;
use astkit_engine::passes::transformations::{DeadCode, FoldConstants};
use astkit_engine::passes::{
    Analysis, Cx, Parameter, ParameterError, PassError, PassKind, Pipeline, PipelineError, Registration,
    Transformation, View, registered,
};
use astkit_transform::Edits;
use serde::{Deserialize, Serialize};

use crate::support::*;

/// Has parameters of all kinds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Many {
    prefix: String,
    least_count: u32,
    #[serde(default)]
    skip: Vec<String>,
    #[serde(default)]
    nested: bool,
    #[serde(default)]
    how: How,
    limit: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    #[default]
    Quick,
    VeryThorough,
}

impl Analysis for Many {
    type On = View;
    type Output = String;
    const NAME: &'static str = "test.many";
    const VERSION: u32 = 3;

    fn run(&self, _: &Cx<'_>, _: View) -> Result<String, PassError> {
        Ok(format!("{self:?}"))
    }
}

astkit_engine::register!(Many);

/// The same as a transformation that does nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
struct ManyEdits(Many);

impl Transformation for ManyEdits {
    type On = View;
    const NAME: &'static str = "test.many-edits";

    fn run(&self, _: &Cx<'_>, _: View, _: &Tree) -> Result<Edits, PassError> {
        Ok(Edits::new())
    }
}

astkit_engine::register!(transformation ManyEdits);

fn many() -> &'static Registration {
    registered().into_iter().find(|it| it.name() == "test.many").unwrap()
}

fn given(text: &str) -> BTreeMap<String, String> {
    text.split(' ')
        .filter_map(|it| it.split_once('='))
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

/// What a pass with these parameters says of itself.
fn made(text: &str) -> Result<String, ParameterError> {
    let scratch = Scratch::new(&[("m.py", "")]);
    let analysis = many().make(&given(text))?.unwrap();
    let report = scratch.workspace.snapshot().report(&analysis, scratch.view("m.py"), &|_| String::new());
    Ok(report.unwrap().result.as_str().unwrap().to_owned())
}

#[test]
fn fields_are_parameters_and_those_without_default_are_required() {
    let parameters = many().parameters();
    let shown: Vec<_> =
        parameters.iter().map(|Parameter { name, is_required }| (*name, *is_required)).collect();
    let expected = [
        ("prefix", true),
        ("least-count", true),
        ("skip", false),
        ("nested", false),
        ("how", false),
        ("limit", false),
    ];
    assert_eq!(shown, expected);
    assert_eq!((many().version(), many().kind()), (3, PassKind::Analysis));
    let whole = "prefix=a least-count=2 skip=b,c nested=true how=very-thorough limit=-5";
    let expected = Many {
        prefix: "a".to_owned(),
        least_count: 2,
        skip: vec!["b".to_owned(), "c".to_owned()],
        nested: true,
        how: How::VeryThorough,
        limit: Some(-5),
    };
    assert_eq!(made(whole).unwrap(), format!("{expected:?}"));
    assert_eq!(made(&whole.replace("b,c", r#"["b","c"]"#)).unwrap(), format!("{expected:?}"));
    let least = Many { skip: Vec::new(), nested: false, how: How::Quick, limit: None, ..expected };
    assert_eq!(made("prefix=a least-count=2").unwrap(), format!("{least:?}"));
    assert_eq!(made(r#"prefix="a" least-count=2"#).unwrap(), format!("{least:?}"));
}

#[test]
fn what_is_missing_unknown_or_wrong_is_told() {
    let error = |text: &str| made(text).unwrap_err().to_string();
    assert_eq!(error("least-count=2"), "parameter `prefix` is required");
    assert_eq!(error("prefix=a"), "parameter `least-count` is required");
    assert_eq!(error("prefix=a least-count=2 junk=1"), "no parameter `junk`");
    assert_eq!(error("prefix=a least-count=x"), "`least-count`: a number, not `x`");
    assert_eq!(error("prefix=a least-count=2 nested=1"), "`nested`: `true` or `false`, not `1`");
    assert!(error("prefix=a least-count=2 how=slow").starts_with("`how`: unknown variant `slow`"));
}

#[test]
fn equal_parameters_are_one_pass() {
    let scratch = Scratch::new(&[("m.py", "class A: pass\n")]);
    let view = scratch.view("m.py");
    for times in [1, 2, 1, 2, 1] {
        let pass = Count { of: astkit_ast::python::Kind::ClassDef, times };
        assert_eq!(*scratch.workspace.gather(&pass, view).unwrap(), times);
    }
    assert_eq!(scratch.runs().len(), 2);
}

#[test]
fn pipelines_come_back_from_text_as_they_were() {
    let texts = [
        "",
        "fold-constants",
        "expand-wildcards,repeat<8>(fold-constants,dead-code)",
        "dead-code<debug=false,platform=linux>",
        "repeat<2>(repeat<3>(strip-hints),strip-docstrings)",
        "repeat<0>()",
        "test.many-edits<least-count=1,prefix=a>",
        r#"test.many-edits<least-count=1,prefix="a,> \"b\"",skip=["x,y","z"]>"#,
        r#"test.many-edits<how=very-thorough,least-count=1,limit=-2,nested=true,prefix="">"#,
    ];
    for text in texts {
        let pipeline = Pipeline::parse(text).unwrap();
        assert_eq!(pipeline.to_string(), text);
        assert_eq!(Pipeline::parse(&pipeline.to_string()).unwrap(), pipeline);
    }
    let spaced =
        Pipeline::parse(" dead-code < platform = linux > , repeat < 2 > ( fold-constants ) ").unwrap();
    let platform = Some("linux".to_owned());
    let made = Pipeline::of(DeadCode { platform, ..DeadCode::default() })
        .then_repeat(2, Pipeline::of(FoldConstants));
    assert_eq!(spaced, made);
    // Defaults are not written.
    assert_eq!(
        Pipeline::parse("test.many-edits<how=quick,least-count=1,nested=false,prefix=a>")
            .unwrap()
            .to_string(),
        "test.many-edits<least-count=1,prefix=a>"
    );
}

#[test]
fn what_is_wrong_with_a_pipeline_is_told() {
    let error = |text: &str| Pipeline::parse(text).unwrap_err().to_string();
    assert_eq!(error("nothing"), "no transformation `nothing`");
    assert_eq!(error("scopes"), "no transformation `scopes`");
    assert_eq!(error("fold-constants,"), "expected a name at 15");
    assert_eq!(error("fold-constants)"), "expected `,` or the end at 14");
    assert_eq!(error("repeat(fold-constants)"), "expected `<` at 6");
    assert_eq!(error("repeat<x>(fold-constants)"), "expected a number before this at 8");
    assert_eq!(error("repeat<2>(fold-constants"), "expected `,` or `)` at 24");
    assert_eq!(error("dead-code<platform>"), "expected `=` at 18");
    assert_eq!(error("dead-code<platform=x"), "expected `>` at 20");
    assert_eq!(error("dead-code<x=1>"), "transformation `dead-code`: no parameter `x`");
    assert_eq!(error("test.many-edits"), "transformation `test.many-edits`: parameter `prefix` is required");
    assert!(matches!(Pipeline::parse("a b"), Err(PipelineError::Unknown(_))));
    assert!(Pipeline::parse(&"repeat<1>(".repeat(10_000)).is_err());
}

#[test]
fn all_passes_of_the_project_are_registered() {
    let names: Vec<_> =
        registered().into_iter().map(Registration::name).filter(|it| !it.contains('.')).collect();
    for name in [
        "attributes",
        "calls",
        "dead-code",
        "def-use",
        "dunder-all",
        "expand-wildcards",
        "fold-constants",
        "imports",
        "literals",
        "mro",
        "purity",
        "references",
        "rename-locals",
        "scopes",
        "signatures",
        "strip-docstrings",
        "strip-hints",
        "unreachable",
        "wildcards",
    ] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    assert!(names.is_sorted());
}
