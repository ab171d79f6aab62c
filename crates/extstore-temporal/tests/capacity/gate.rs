//! Holds up the requests to a store until a test lets them go on.

use tokio::sync::watch;

/// Holds up every request while it is closed. It starts open.
#[derive(Debug)]
pub(crate) struct Gate {
    open: watch::Sender<bool>,
    reached: watch::Sender<usize>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { open: watch::Sender::new(true), reached: watch::Sender::new(0) }
    }
}

impl Gate {
    pub(crate) fn close(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until a request has come to the closed gate.
    pub(crate) async fn is_reached(&self) {
        self.reached.subscribe().wait_for(|reached| *reached > 0).await.unwrap();
    }

    pub(crate) async fn pass(&self) {
        if !*self.open.borrow() {
            self.reached.send_modify(|reached| *reached += 1);
            self.open.subscribe().wait_for(|open| *open).await.unwrap();
        }
    }
}
