//! Names the build: a hash of the sources that remembered results depend on.
//!
//! Results of other runs are used only by the very same sources, so no two builds of one version mix theirs, and the
//! same sources share one cache wherever they were built. In a package that is built alone, the version is enough.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

/// What results are functions of, besides the files that are read.
const SOURCES: [&str; 4] = ["core", "frontends", "Cargo.lock", "cli/src"];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default();
    let mut files = BTreeMap::new();
    for source in SOURCES {
        let path = root.join(source);
        if path.exists() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, Path::new(source).to_owned(), &mut files);
        }
    }
    let mut hasher = DefaultHasher::new();
    for (name, bytes) in &files {
        hasher.write(name.as_os_str().as_encoded_bytes());
        hasher.write_u64(bytes.len() as u64);
        hasher.write(bytes);
    }
    let version = env!("CARGO_PKG_VERSION");
    let suffix = if files.is_empty() { String::new() } else { format!("+{:016x}", hasher.finish()) };
    println!("cargo::rustc-env=ASTKIT_BUILD={version}{suffix}");
    println!("cargo::rerun-if-changed=build.rs");
    // A fixed address: no 22,000 places to relocate at each start, which is a third of what it takes.
    if [("CARGO_CFG_TARGET_OS", "linux"), ("CARGO_CFG_TARGET_ENV", "gnu")]
        .iter()
        .all(|it| std::env::var(it.0).as_deref() == Ok(it.1))
    {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

fn collect(path: &Path, name: PathBuf, out: &mut BTreeMap<PathBuf, Vec<u8>>) {
    if let Ok(entries) = fs::read_dir(path) {
        for entry in entries.flatten().filter(|it| it.file_name() != "target") {
            collect(&entry.path(), name.join(entry.file_name()), out);
        }
    } else if let Ok(bytes) = fs::read(path) {
        out.insert(name, bytes);
    }
}
