//! Reads how long an object stays, and whether it can be read now.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::types::StorageClass;

use crate::http_date::http_date;

/// Says how long an object can be read, as far as the store's answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lifetime {
    /// The time until a lifecycle rule deletes the object, or until its restored copy ends.
    pub(crate) expires_in: Option<Duration>,
    pub(crate) is_readable: bool,
}

impl Lifetime {
    /// Reads `x-amz-expiration` and `x-amz-restore`, which hold dates of the store's clock.
    ///
    /// An archived object can be read once it was restored, until the restored copy ends.
    pub(crate) fn read(
        expiration: Option<&str>,
        restore: Option<&str>,
        is_archived: bool,
        now: SystemTime,
    ) -> Self {
        let left = |text| expiry_date(text).map(|at| at.duration_since(now).unwrap_or_default());
        let expires_in = expiration.and_then(left);
        if !is_archived {
            return Self { expires_in, is_readable: true };
        }
        let restored = restore.filter(|text| parameter(text, "ongoing-request") == Some("false"));
        let ends_in = restored.and_then(left);
        Self {
            expires_in: expires_in.into_iter().chain(ends_in).min(),
            is_readable: restored.is_some() && ends_in != Some(Duration::ZERO),
        }
    }
}

/// Says whether objects of this class must be restored before they can be read.
pub(crate) fn is_archive(class: &StorageClass) -> bool {
    matches!(class, StorageClass::Glacier | StorageClass::DeepArchive)
}

fn expiry_date(text: &str) -> Option<SystemTime> {
    http_date(parameter(text, "expiry-date")?)
}

/// Finds a parameter's value in `name="value", name="value"`.
fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "Sat, 21 Nov 2026 00:00:00 GMT";
    const DAY: Duration = Duration::from_secs(86_400);

    fn read(expiration: Option<&str>, restore: Option<&str>, is_archived: bool) -> (Option<Duration>, bool) {
        let lifetime = Lifetime::read(expiration, restore, is_archived, http_date(NOW).unwrap());
        (lifetime.expires_in, lifetime.is_readable)
    }

    #[test]
    fn an_expiry_date_counts_from_the_stores_clock() {
        let tomorrow = r#"expiry-date="Sun, 22 Nov 2026 00:00:00 GMT", rule-id="all%20payloads""#;
        let yesterday = r#"expiry-date="Fri, 20 Nov 2026 00:00:00 GMT", rule-id="x""#;
        assert_eq!(read(Some(tomorrow), None, false), (Some(DAY), true));
        assert_eq!(read(Some(yesterday), None, false), (Some(Duration::ZERO), true));
        for unknown in [None, Some(""), Some("NotImplemented"), Some(r#"expiry-date="soon", rule-id="x""#)] {
            assert_eq!(read(unknown, None, false), (None, true), "{unknown:?}");
        }
    }

    #[test]
    fn an_archived_object_can_be_read_while_a_restored_copy_is_there() {
        let finished = r#"ongoing-request="false", expiry-date="Sun, 22 Nov 2026 00:00:00 GMT""#;
        let ended = r#"ongoing-request="false", expiry-date="Sat, 21 Nov 2026 00:00:00 GMT""#;
        let earlier = r#"expiry-date="Sat, 21 Nov 2026 12:00:00 GMT", rule-id="x""#;
        assert_eq!(read(None, None, true), (None, false));
        assert_eq!(read(None, Some(r#"ongoing-request="true""#), true), (None, false));
        assert_eq!(read(None, Some(finished), true), (Some(DAY), true));
        assert_eq!(read(Some(earlier), Some(finished), true), (Some(DAY / 2), true));
        assert_eq!(read(None, Some(ended), true), (Some(Duration::ZERO), false));
        assert_eq!(read(None, Some(finished), false), (None, true), "a copy of what needs none");
    }
}
