//! Hashes of definitions, files and folders.
