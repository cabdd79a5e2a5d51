//! What a change did to a file, definition by definition.
