//! Writes and reads the lines that the child tells its parent.

use std::collections::BTreeMap;

use extstore::{Claim, Digest};

/// Says what one line of the child tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A store begins.
    Begin { store: String },
    /// The store was acknowledged, with the digest of its payload and the claim.
    Ack { store: String, digest: Digest, claim: Claim },
    /// The store failed, which it must not.
    Failed { reason: String },
}

impl Line {
    /// Parses one line; `None` for one that the kill cut off, and for what others print.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "begin" => Some(Self::Begin { store: rest.to_owned() }),
            "failed" => Some(Self::Failed { reason: rest.to_owned() }),
            "ack" => {
                let mut parts = rest.splitn(3, ' ');
                let (store, digest) = (parts.next()?.to_owned(), Digest::from_hex(parts.next()?)?);
                let fields: BTreeMap<String, String> = serde_json::from_str(parts.next()?).ok()?;
                Some(Self::Ack { store, digest, claim: fields.into_iter().collect() })
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Begin { store } => write!(f, "begin {store}"),
            Self::Failed { reason } => write!(f, "failed {}", reason.replace('\n', " ")),
            Self::Ack { store, digest, claim } => {
                let fields: BTreeMap<&str, &str> = claim.iter().collect();
                let json = serde_json::to_string(&fields).map_err(|_| std::fmt::Error)?;
                write!(f, "ack {store} {digest} {json}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_back_and_torn_ones_are_ignored() {
        let claim = Claim::new().with("key", "a b/\u{1F600}\n").with("hash_value", "00");
        let ack = Line::Ack { store: "3.17".into(), digest: Digest::from_bytes([7; 32]), claim };
        for line in [ack.clone(), Line::Begin { store: "3.17".into() }, Line::Failed { reason: "a b".into() }]
        {
            assert_eq!(Line::parse(&line.to_string()), Some(line));
        }
        let text = ack.to_string();
        assert!(!text.contains('\n'));
        assert!((0..text.len()).filter_map(|end| text.get(..end)).all(|torn| Line::parse(torn).is_none()));
    }
}
