//! File systems that do not tell of all changes.

use std::path::Path;

/// The kind of network file system that a path is on; none for others and where nobody knows.
#[cfg(target_os = "linux")]
pub(crate) fn network(path: &Path) -> Option<&'static str> {
    // From Linux's `magic.h` and the file systems' own sources.
    let kinds = [
        (0x6969, "NFS"),
        (0x517B, "SMB"),
        (0xFF53_4D42, "CIFS"),
        (0xFE53_4D42, "SMB"),
        (0x0102_1997, "9p"),
        (0x6573_5546, "FUSE"),
        (0x5346_4846, "drvfs"),
        (0x0000_564C, "NCP"),
        (0x5346_414F, "AFS"),
        (0x00C3_6400, "Ceph"),
    ];
    let found = rustix::fs::statfs(path).ok()?;
    // The type's width differs between machines; the numbers have 32 bits.
    let kind = u64::try_from(found.f_type).ok()? & 0xFFFF_FFFF;
    kinds.into_iter().find(|it| it.0 == kind).map(|it| it.1)
}

/// The kind of network file system that a path is on; not known on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn network(_path: &Path) -> Option<&'static str> {
    None
}
