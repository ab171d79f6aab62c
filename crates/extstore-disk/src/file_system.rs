//! Refuses roots on network file systems, whose locks, links and syncs do not promise what the driver needs.

use std::fs::File;

use extstore::{ErrorKind, Result};

/// Says how far the driver's promises hold on a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileSystem {
    /// A local one, or one that is not known to be another.
    Local,
    /// One whose server decides what a lock, a link and a sync mean.
    Network(&'static str),
    /// One that may be local or not: a process in user space, a virtual machine's host, a cluster.
    Doubtful(&'static str),
}

impl FileSystem {
    /// Asks the kernel. What cannot be found out counts as local.
    pub(crate) fn of(directory: &File) -> Self {
        system::name(directory).map_or(Self::Local, Self::judge)
    }

    fn judge(name: &'static str) -> Self {
        match name {
            "nfs" | "smb" | "afs" | "coda" | "ncp" | "webdav" => Self::Network(name),
            "" => Self::Local,
            _ => Self::Doubtful(name),
        }
    }

    /// Refuses a network file system, and warns of one of which nothing is known.
    ///
    /// # Errors
    ///
    /// `Config` that names the file system.
    pub(crate) fn check(self) -> Result<()> {
        match self {
            Self::Local => Ok(()),
            Self::Doubtful(name) => {
                tracing::warn!(
                    file_system = name,
                    "the root is on a file system of which it is not known whether its locks, links and syncs \
                     survive a crash; use a local one for payloads that must not be lost"
                );
                Ok(())
            }
            Self::Network(name) => Err(ErrorKind::Config
                .error(
                    "the root is on a network file system, whose locks, links and syncs do not promise what this \
                     driver promises; choose a root on a local file system",
                )
                .with_detail("file_system", name)),
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::fs::File;

    /// Lists the magic numbers of `statfs(2)`, as 32 bits whatever the width of the field.
    const NAMES: [(u32, &str); 16] = [
        (0x0000_6969, "nfs"),
        (0x0000_517b, "smb"),
        (0xff53_4d42, "smb"),
        (0xfe53_4d42, "smb"),
        (0x5346_414f, "afs"),
        (0x6b41_4653, "afs"),
        (0x7375_7245, "coda"),
        (0x0000_564c, "ncp"),
        (0x6573_5546, "fuse"),
        (0x0102_1997, "9p"),
        (0x00c3_6400, "ceph"),
        (0x0bd0_0bd0, "lustre"),
        (0x4750_4653, "gpfs"),
        (0x0116_1970, "gfs2"),
        (0x7461_636f, "ocfs2"),
        (0x786f_4256, "vboxsf"),
    ];

    pub(super) fn name(directory: &File) -> Option<&'static str> {
        let magic = rustix::fs::fstatfs(directory).ok()?.f_type as u32;
        named(magic)
    }

    pub(super) fn named(magic: u32) -> Option<&'static str> {
        NAMES.iter().find(|(number, _)| *number == magic).map(|(_, name)| *name)
    }
}

#[cfg(target_vendor = "apple")]
mod system {
    use std::fs::File;

    pub(super) fn name(directory: &File) -> Option<&'static str> {
        let stat = rustix::fs::fstatfs(directory).ok()?;
        let name: Vec<u8> =
            stat.f_fstypename.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).collect();
        match name.as_slice() {
            b"nfs" => Some("nfs"),
            b"smbfs" => Some("smb"),
            b"afpfs" => Some("afs"),
            b"webdav" => Some("webdav"),
            name if name.starts_with(b"macfuse") || name.starts_with(b"osxfuse") => Some("fuse"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[test]
    fn network_file_systems_are_known_by_their_magic_number() {
        // `include/uapi/linux/magic.h` of the kernel.
        for (magic, name) in
            [(0x6969, "nfs"), (0xff53_4d42, "smb"), (0xfe53_4d42, "smb"), (0x5346_414f, "afs")]
        {
            let found = system::named(magic).map(FileSystem::judge);
            assert_eq!(found, Some(FileSystem::Network(name)));
        }
        assert_eq!(system::named(0x6573_5546).map(FileSystem::judge), Some(FileSystem::Doubtful("fuse")));
        // ext4, XFS, Btrfs, tmpfs, overlayfs, ZFS.
        for magic in [0xef53, 0x5846_5342, 0x9123_683e, 0x0102_1994, 0x794c_7630, 0x2fc1_2fc1] {
            assert_eq!(system::named(magic), None, "{magic:x}");
        }
    }

    #[test]
    fn only_a_network_file_system_is_refused() {
        let error = FileSystem::Network("nfs").check().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let line = error.to_string();
        assert!(line.contains("network file system") && line.contains("nfs"), "{line}");
        assert!(FileSystem::Doubtful("fuse").check().is_ok());
        assert!(FileSystem::Local.check().is_ok());
    }

    #[test]
    fn the_directory_of_temporary_files_is_not_refused() {
        let directory = tempfile::tempdir().unwrap();
        assert!(FileSystem::of(&File::open(directory.path()).unwrap()).check().is_ok());
    }
}
