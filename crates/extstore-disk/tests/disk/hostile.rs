use std::os::unix::fs::symlink;
use std::path::Path;

use extstore::object::Readable;
use extstore::{Claim, ErrorKind, RetrieveContext, StorageDriver as _};
use extstore_disk::DiskDriver;

use crate::root::{Root, payload, retrieve, store};

/// Makes a claim whose hash is well-formed and whose key an attacker has chosen.
fn forged(valid: &Claim, key: &str) -> Claim {
    let mut claim = valid.clone();
    claim.remove("key").unwrap();
    claim.with("key", key)
}

#[tokio::test]
async fn a_forged_claim_is_refused_before_anything_is_opened() {
    let root = Root::new();
    let driver = root.driver();
    let valid = store(&driver, &payload(1)).await.unwrap();
    std::fs::remove_dir_all(root.path()).unwrap();
    let legacy = Claim::new().with("path", "/etc/passwd");
    let mut no_hash = valid.clone();
    no_hash.remove("hash_value").unwrap();
    no_hash.remove("hashValue").unwrap();
    let outside = root.outside().join("secret");
    let claims = [
        forged(&valid, "../secret"),
        forged(&valid, outside.to_str().unwrap()),
        forged(&valid, "v0/../../secret"),
        forged(&valid, "v0/ns/\0/d"),
        forged(&valid, ""),
        valid.clone().with("hash_value", "0".repeat(64)),
        valid.clone().with("hash_value", "0".repeat(64)).with("hashValue", "0".repeat(64)),
        no_hash,
        legacy,
    ];
    for claim in claims {
        // A claim that got as far as the disk would find no root, which is `Config`.
        let batch = vec![valid.clone(), claim.clone()];
        let error = driver.retrieve(&RetrieveContext::default(), batch).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidClaim, "{claim:?}: {error}");
        assert_eq!(error.index(), Some(1));
        assert_eq!(error.attempts(), 0);
    }
}

#[tokio::test]
async fn claims_are_confined_to_the_key_prefix() {
    let root = Root::new();
    let theirs = DiskDriver::new(root.options().with_key_prefix("theirs")).unwrap();
    let claim = store(&theirs, &payload(1)).await.unwrap();
    let ours = DiskDriver::new(root.options().with_key_prefix("ours")).unwrap();
    assert_eq!(retrieve(&ours, &claim).await.unwrap_err().kind(), ErrorKind::InvalidClaim);
    let options = root.options().with_key_prefix("ours").with_readable(Readable::prefix("theirs"));
    assert_eq!(retrieve(&DiskDriver::new(options).unwrap(), &claim).await.unwrap(), payload(1));
}

/// Puts a link in the place of `path`, which points to a copy outside the root.
fn move_behind_a_link(root: &Root, path: &Path) {
    let outside = root.outside().join("elsewhere");
    std::fs::rename(path, &outside).unwrap();
    symlink(outside, path).unwrap();
}

#[tokio::test]
async fn a_link_in_the_place_of_a_directory_is_an_error_and_nothing_goes_through_it() {
    for place in ["objects", "tmp", "shard"] {
        let root = Root::new();
        let driver = root.driver();
        let claim = store(&driver, &payload(1)).await.unwrap();
        let object = root.file(&claim);
        let path =
            if place == "shard" { object.parent().unwrap().to_owned() } else { root.path().join(place) };
        move_behind_a_link(&root, &path);
        let elsewhere = || std::fs::read_dir(root.outside().join("elsewhere")).unwrap().count();
        let before = elsewhere();
        let mut errors = vec![store(&driver, &payload(1)).await.unwrap_err()];
        if place != "tmp" {
            errors.push(retrieve(&driver, &claim).await.unwrap_err());
        }
        errors.push(driver.sweep(std::time::Duration::from_secs(86_400)).await.unwrap_err());
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Config, "{place}: {error}");
            assert!(error.message().contains("symbolic link"), "{error}");
        }
        assert_eq!(elsewhere(), before, "{place}");
    }
}

#[tokio::test]
async fn a_link_in_the_place_of_an_object_is_neither_read_nor_written_through() {
    let root = Root::new();
    let driver = root.driver();
    let claim = store(&driver, &payload(1)).await.unwrap();
    move_behind_a_link(&root, &root.file(&claim));
    let target = root.outside().join("elsewhere");
    let before = target.metadata().unwrap().modified().unwrap();
    for error in
        [retrieve(&driver, &claim).await.unwrap_err(), store(&driver, &payload(1)).await.unwrap_err()]
    {
        assert_eq!(error.kind(), ErrorKind::Integrity, "{error}");
        assert!(error.message().contains("symbolic link"), "{error}");
    }
    assert_eq!(target.metadata().unwrap().modified().unwrap(), before);
    assert!(root.file(&claim).is_symlink());
}

#[tokio::test]
async fn a_link_that_leads_nowhere_is_not_filled() {
    let root = Root::new();
    let driver = root.driver();
    let claim = store(&driver, &payload(1)).await.unwrap();
    std::fs::remove_file(root.file(&claim)).unwrap();
    let target = root.outside().join("not there");
    symlink(&target, root.file(&claim)).unwrap();
    assert_eq!(store(&driver, &payload(1)).await.unwrap_err().kind(), ErrorKind::Integrity);
    assert!(!target.exists());
}

#[tokio::test]
async fn a_directory_or_a_pipe_in_the_place_of_an_object_is_an_error_and_does_not_block() {
    let root = Root::new();
    let driver = root.driver();
    let claim = store(&driver, &payload(1)).await.unwrap();
    let file = root.file(&claim);
    let make_pipe = || assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    let make_directory = || std::fs::create_dir(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    for make in [&make_directory as &dyn Fn(), &make_pipe] {
        make();
        for error in
            [retrieve(&driver, &claim).await.unwrap_err(), store(&driver, &payload(1)).await.unwrap_err()]
        {
            assert_eq!(error.kind(), ErrorKind::Integrity, "{error}");
        }
        std::fs::remove_dir(&file).or_else(|_| std::fs::remove_file(&file)).unwrap();
    }
    assert!(root.files("tmp").is_empty());
}

#[tokio::test]
async fn the_root_itself_may_be_a_link() {
    let root = Root::new();
    let target = root.outside().join("volume");
    std::fs::create_dir(&target).unwrap();
    symlink(&target, root.path()).unwrap();
    let claim = store(&root.driver(), &payload(1)).await.unwrap();
    assert_eq!(retrieve(&root.driver(), &claim).await.unwrap(), payload(1));
}
