//! Implements the status port of one bucket.

use std::time::Duration;

use async_trait::async_trait;
use extstore::Claim;

use super::objects::Objects;
use super::ports::location;
use crate::Status;

/// Changes what the store says of the objects of a bucket.
#[derive(Debug)]
pub(super) struct ObjectsStatus {
    pub(super) objects: Objects,
    pub(super) bucket: String,
}

#[async_trait]
impl Status for ObjectsStatus {
    async fn expire_in(&self, claim: &Claim, left: Duration) -> bool {
        self.objects.expire_in(&location(claim), left);
        true
    }

    async fn fix_end(&self, claim: &Claim, left: Duration) -> bool {
        self.objects.fix_end(&location(claim), left);
        true
    }

    async fn expires_in(&self, claim: &Claim) -> Option<Duration> {
        self.objects.get(&location(claim)).and_then(|(_, stat)| stat.expires_in)
    }

    async fn archive(&self, claim: &Claim) -> bool {
        self.objects.archive(&location(claim));
        true
    }

    async fn hide(&self, claim: &Claim, requests: u32) -> bool {
        self.objects.hide(&location(claim), requests);
        true
    }

    async fn hide_lengths(&self) -> bool {
        self.objects.hide_lengths(&self.bucket);
        true
    }

    async fn refuse_renewals(&self) -> bool {
        self.objects.refuse_renewals(&self.bucket);
        true
    }
}
