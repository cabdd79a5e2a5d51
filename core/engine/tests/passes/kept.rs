//! Results that are kept between runs.

use std::sync::Arc;

use astkit_engine::MemoryFiles;
use astkit_engine::passes::{Analysis, Codec, Cx, PassError, Reach, View};
use astkit_engine::store::{MemoryStorage, Store};

use crate::support::*;

/// How many nodes a module has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Size {
    plus: u32,
}

impl Analysis for Size {
    type On = View;
    type Output = u32;
    const NAME: &'static str = "test.size";

    fn run(&self, cx: &Cx<'_>, on: View) -> Result<u32, PassError> {
        Ok(cx.tree(on)?.node_count() + self.plus)
    }

    fn codec(&self) -> Option<Codec<u32>> {
        Some(Codec::json())
    }
}

/// How many nodes a module and those that it imports by some names have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct SizeOfAll;

impl Analysis for SizeOfAll {
    type On = View;
    type Output = Vec<Option<u32>>;
    const NAME: &'static str = "test.size-of-all";
    const REACH: Reach = Reach::Inter;

    fn run(&self, cx: &Cx<'_>, _: View) -> Result<Self::Output, PassError> {
        let size = |it: &str| match cx.module(&name(it))? {
            Some(view) => Ok(Some(cx.tree(view)?.node_count())),
            None => Ok(None),
        };
        ["a", "b", "c"].into_iter().map(size).collect()
    }

    fn codec(&self) -> Option<Codec<Self::Output>> {
        Some(Codec::json())
    }
}

struct Runs {
    files: Arc<MemoryFiles>,
    storage: MemoryStorage,
}

impl Runs {
    fn new(files: &[(&str, &str)]) -> Self {
        Self { files: memory(files), storage: MemoryStorage::default() }
    }

    /// Asks in a new workspace over the same store, and tells what ran.
    fn ask(&self, ask: impl FnOnce(&Scratch)) -> Vec<String> {
        let store = Store::new(Arc::new(self.storage.clone()), "test");
        let scratch = Scratch::with(&self.files, |it| it.store(store));
        ask(&scratch);
        scratch.workspace.save();
        scratch.runs()
    }

    fn all(&self) -> Vec<String> {
        self.ask(|it| drop(it.workspace.gather(&SizeOfAll, it.view("a.py")).unwrap()))
    }
}

#[test]
fn a_result_of_one_module_is_found_by_its_tree_and_parameters() {
    let runs = Runs::new(&[("m.py", "x = 1\n")]);
    let ask = |plus| runs.ask(|it| drop(it.workspace.gather(&Size { plus }, it.view("m.py")).unwrap()));
    assert_eq!(ask(0), ["test.size m.py"]);
    assert_eq!(ask(0), [""; 0]);
    assert_eq!(ask(1), ["test.size m.py"]);
    runs.files.write("/p/m.py", "# comment\nx  =  1\n");
    assert_eq!(ask(0), [""; 0], "the tree is the same");
    runs.files.write("/p/m.py", "x = 2\n");
    assert_eq!(ask(0), ["test.size m.py"]);
}

#[test]
fn a_result_over_modules_is_found_by_all_that_is_imported() {
    let (a, b, c) = ("import b\n", "import c\nimport d\n", "import b\n");
    let runs = Runs::new(&[("a.py", a), ("b.py", b), ("c.py", c), ("other.py", "")]);
    assert_eq!(runs.all(), ["test.size-of-all a.py"]);
    assert_eq!(runs.all(), [""; 0]);
    runs.files.write("/p/other.py", "x = 1\n");
    assert_eq!(runs.all(), [""; 0], "nobody imports it");
    runs.files.write("/p/c.py", "import b\nx = 1\n");
    assert_eq!(runs.all(), ["test.size-of-all a.py"], "imported by what is imported, in a circle");
    assert_eq!(runs.all(), [""; 0]);
    runs.files.write("/p/d.py", "");
    assert_eq!(runs.all(), ["test.size-of-all a.py"], "a file that was missing");
    runs.files.remove("/p/d.py");
    assert_eq!(runs.all(), [""; 0], "as it was before");
}

#[test]
fn a_pass_whose_results_are_kept_may_look_no_further_than_its_imports() {
    let runs = Runs::new(&[("a.py", "import b\n"), ("b.py", ""), ("c.py", "")]);
    runs.ask(|it| {
        let found = it.workspace.gather(&SizeOfAll, it.view("a.py"));
        assert!(matches!(found, Err(PassError::Reach(_))), "{found:?}");
    });
}
