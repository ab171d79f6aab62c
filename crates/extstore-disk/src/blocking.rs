//! Runs system calls on blocking threads, where dropping a future cannot end them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use extstore::{ErrorKind, Result};

/// Tells work on a blocking thread that nobody waits for it any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Abandoned {
    set: Arc<AtomicBool>,
    /// Counts how often the work asked: a test waits for a count in order to know where the work is.
    #[cfg(test)]
    checks: Arc<std::sync::atomic::AtomicUsize>,
    #[cfg(test)]
    hook: Hook,
}

/// Stops the work of a test at one of its questions.
#[cfg(test)]
#[derive(Clone, Default)]
struct Hook(Option<Arc<dyn Fn(usize) + Send + Sync>>);

#[cfg(test)]
impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hook")
    }
}

impl Abandoned {
    /// Fails where nobody waits any more; the work asks between two steps. The error unwinds the work, which removes what it has begun; nobody reads it.
    pub(crate) fn check(&self) -> Result<()> {
        #[cfg(test)]
        self.count_check();
        if self.set.load(Ordering::Relaxed) {
            return Err(ErrorKind::Internal.error("nobody waits for this work any more"));
        }
        Ok(())
    }

    pub(crate) fn set(&self) {
        self.set.store(true, Ordering::Relaxed);
    }

    /// Calls `hook` each time that the work asks, with the number of times before.
    #[cfg(test)]
    pub(crate) fn with_hook(hook: impl Fn(usize) + Send + Sync + 'static) -> Self {
        Self { hook: Hook(Some(Arc::new(hook))), ..Self::default() }
    }

    #[cfg(test)]
    fn count_check(&self) {
        let before = self.checks.fetch_add(1, Ordering::SeqCst);
        if let Some(hook) = &self.hook.0 {
            hook(before);
        }
    }

    /// Waits until the work has asked this often.
    #[cfg(test)]
    pub(crate) fn wait_for_checks(&self, checks: usize) {
        let begun = std::time::Instant::now();
        while self.checks.load(Ordering::SeqCst) < checks {
            assert!(begun.elapsed() < std::time::Duration::from_secs(20), "the work never came so far");
            std::thread::yield_now();
        }
    }
}

/// Sets the flag when the future that waits is dropped.
struct Waiting(Abandoned);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.set();
    }
}

/// Runs `work` on a blocking thread. `held`, the permit of the attempt, is given back when the *work*
/// ends, so that work which outlives its future still counts.
pub(crate) async fn run<T: Send + 'static>(
    held: impl Send + 'static,
    work: impl FnOnce(&Abandoned) -> Result<T> + Send + 'static,
) -> Result<T> {
    let abandoned = Abandoned::default();
    let _waiting = Waiting(abandoned.clone());
    let task = tokio::task::spawn_blocking(move || {
        let _held = held;
        abandoned.check()?;
        work(&abandoned)
    });
    task.await.unwrap_or_else(|error| {
        Err(ErrorKind::Internal.error("the work on the disk ended without an answer").with_source(error))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn work_that_was_abandoned_keeps_its_permit_until_it_ends() {
        let (started, has_started) = mpsc::sync_channel(1);
        let (go_on, may_go_on) = mpsc::sync_channel::<()>(1);
        let (ended, has_ended) = mpsc::sync_channel(1);
        let permit = Arc::new(());
        let held = Arc::clone(&permit);
        let mut future = Box::pin(run(held, move |abandoned| {
            started.send(abandoned.check().is_ok()).unwrap();
            may_go_on.recv().unwrap();
            ended.send(abandoned.check().is_err()).unwrap();
            Ok(())
        }));
        assert!(future.as_mut().now_or_never().is_none());
        assert!(has_started.recv().unwrap());
        drop(future);
        assert_eq!(Arc::strong_count(&permit), 2);
        go_on.send(()).unwrap();
        assert!(has_ended.recv().unwrap(), "the work was not told");
    }

    #[tokio::test]
    async fn a_panic_becomes_an_error() {
        let outcome: Result<()> = run((), |_| panic!("defect")).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Internal);
    }
}
