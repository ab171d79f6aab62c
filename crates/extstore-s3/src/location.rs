//! Parses the strings that may stand where S3 wants a bucket.

use std::str::FromStr;

use extstore::{Error, ErrorKind};

/// Names a bucket, or by its ARN something that stands for a bucket.
///
/// A claim holds it as the string that it was parsed from; it is never normalised.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Bucket {
    /// A bucket's name or an access point's alias.
    Name(String),
    /// An access point of one region, `arn:aws:s3:us-west-2:123456789012:accesspoint/payloads`, or one on Outposts.
    AccessPoint(String),
    /// A Multi-Region Access Point, `arn:aws:s3::123456789012:accesspoint/alias.mrap`. Its requests are
    /// signed for every region at once, and go to Amazon whatever endpoint is configured.
    MultiRegionAccessPoint(String),
}

impl Bucket {
    /// Returns the string that goes into requests and claims.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name(text) | Self::AccessPoint(text) | Self::MultiRegionAccessPoint(text) => text,
        }
    }
}

/// Refuses strings that can be no bucket, and is no stricter than that: compatible stores allow names that Amazon does not.
impl FromStr for Bucket {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(refused("the bucket must not be empty"));
        }
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:/".contains(&byte);
        if text.len() > 255 || !text.bytes().all(fits) {
            return Err(refused("the bucket's name holds characters that no bucket has, or is too long"));
        }
        match text.strip_prefix("arn:") {
            Some(rest) => parse_arn(text, rest),
            None if text.contains('/') => {
                Err(refused("the bucket's name must not hold a slash; use `with_key_prefix` for a prefix"))
            }
            None if matches!(text, "." | "..") => Err(refused("a dot segment is no bucket")),
            None => Ok(Self::Name(text.to_owned())),
        }
    }
}

/// Parses `partition:service:region:account:resource`; see
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html>.
fn parse_arn(text: &str, rest: &str) -> Result<Bucket, Error> {
    let fields: Vec<&str> = rest.splitn(5, ':').collect();
    let [partition, service, region, account, resource] = fields[..] else {
        return Err(refused("the bucket is an incomplete ARN"));
    };
    let known = match service {
        "s3" => resource.strip_prefix("accesspoint").and_then(|rest| rest.strip_prefix(['/', ':'])),
        "s3-outposts" => resource.strip_prefix("outpost").and_then(|rest| rest.strip_prefix(['/', ':'])),
        _ => None,
    };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    // These become parts of a host name, and the resource parts of a path.
    let is_label = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let labels = !partition.is_empty() && is_label(partition) && is_label(region);
    let is_path = |name: &str| !name.split(['/', ':']).any(|part| matches!(part, "" | "." | ".."));
    match known {
        Some(name) if is_path(name) && labels && is_account => {}
        _ => return Err(refused("the bucket is an ARN that names no access point")),
    }
    // Only a Multi-Region Access Point has no region, and only that may have none.
    Ok(match region {
        "" if service == "s3" => Bucket::MultiRegionAccessPoint(text.to_owned()),
        "" => return Err(refused("the bucket is an ARN without region")),
        _ => Bucket::AccessPoint(text.to_owned()),
    })
}

fn refused(text: &str) -> Error {
    ErrorKind::Config.error(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Bucket, Error> {
        text.parse()
    }

    #[test]
    fn names_and_arns_are_told_apart() {
        for name in ["payloads.example_1", "Payloads", "tenant:payloads", "payloads--use1-az4--x-s3"] {
            assert!(matches!(parse(name), Ok(Bucket::Name(_))), "{name}");
        }
        for arn in [
            "arn:aws:s3:us-west-2:123456789012:accesspoint/payloads",
            "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint:payloads",
            "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/accesspoint/payloads",
        ] {
            assert!(matches!(parse(arn), Ok(Bucket::AccessPoint(_))), "{arn}");
        }
        let global = parse("arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap").unwrap();
        assert!(matches!(global, Bucket::MultiRegionAccessPoint(_)));
        assert_eq!(global.as_str(), "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap");
    }

    #[test]
    fn what_can_be_no_bucket_is_refused_as_configuration() {
        let long = "b".repeat(256);
        for text in [
            "",
            "a/b",
            "..",
            "a b",
            "a\nb",
            "ü",
            "a?b",
            "a@b",
            &long,
            "arn:aws:s3",
            "arn:aws:s3:us-west-2:123:accesspoint/p",
            "arn:aws:s3:us-west-2:123456789012:accesspoint/",
            "arn:aws:sqs:us-west-2:123456789012:queue",
            "arn:aws:s3-outposts::123456789012:outpost/op-1/accesspoint/p",
            "arn:aws:s3:us-west-2:123456789012:accesspoint/..",
            "arn:aws:s3:us-west-2:123456789012:accesspoint/../payloads",
            "arn:aws:s3:us-west-2:123456789012:accesspoint:p/../../payloads",
            "arn:aws:s3:us-west-2:123456789012:accesspoint/p/.",
            "arn:aws:s3:us-west-2:123456789012:accesspoint//p",
            "arn:aws:s3:us-west-2:123456789012:accesspoint/p\n",
            "arn:aws:s3:us-west-2/..:123456789012:accesspoint/p",
            "arn:aws/..:s3:us-west-2:123456789012:accesspoint/p",
            "arn::s3:us-west-2:123456789012:accesspoint/p",
        ] {
            assert_eq!(parse(text).unwrap_err().kind(), ErrorKind::Config, "{text:?}");
        }
    }
}
