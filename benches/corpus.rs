//! The files that are measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use astkit_ast::SourceText;

/// Which folder is measured; the standard library of `python3` by default.
const FOLDER: &str = "ASTKIT_BENCH_CORPUS";

/// How much of it: more tells nothing new.
const MOST: usize = 32 << 20;

/// One file.
pub struct CorpusFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its text.
    pub source: SourceText,
}

/// Python files of a folder, in the order of their paths.
pub struct Corpus {
    /// The files.
    pub files: Vec<CorpusFile>,
}

impl Corpus {
    /// Reads the files; those that can't be decoded are left out.
    ///
    /// # Errors
    /// When no folder is named and there is no `python3`, or the folder can't be read.
    pub fn read() -> Result<Self, String> {
        let folder = std::env::var_os(FOLDER).map_or_else(standard_library, |it| Ok(PathBuf::from(it)))?;
        let mut paths = Vec::new();
        collect(&folder, &mut paths).map_err(|error| format!("{}: {error}", folder.display()))?;
        paths.sort();
        let mut files = Vec::new();
        let mut size = 0;
        for path in paths {
            let Ok(bytes) = fs::read(&path) else { continue };
            let source = SourceText::decode(&bytes);
            if source.is_partial() || size + bytes.len() > MOST {
                continue;
            }
            size += bytes.len();
            files.push(CorpusFile { path, source });
        }
        if files.is_empty() {
            return Err(format!("{} has no Python files", folder.display()));
        }
        Ok(Self { files })
    }

    /// Number of bytes of all texts.
    pub fn size(&self) -> usize {
        self.files.iter().map(|it| it.source.text().len()).sum()
    }
}

fn standard_library() -> Result<PathBuf, String> {
    let code = "import sysconfig; print(sysconfig.get_path('stdlib'))";
    let output = Command::new("python3").args(["-c", code]).output();
    let output =
        output.map_err(|error| format!("name a folder in {FOLDER}, as there is no python3: {error}"))?;
    let path = String::from_utf8_lossy(&output.stdout);
    Ok(PathBuf::from(path.trim()))
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            collect(&path, out)?;
        } else if kind.is_file() && path.extension().is_some_and(|it| it == "py") {
            out.push(path);
        }
    }
    Ok(())
}
