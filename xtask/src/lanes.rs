//! Does several things side by side.

use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does the work of each item, `lanes` of them at the same time, and returns the results in the order of the items.
pub(crate) fn run<T: Send, R: Send>(
    lanes: usize,
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let waiting: Vec<_> = items.into_iter().enumerate().collect();
    let waiting = Mutex::new(waiting.into_iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let lane = || std::iter::from_fn(next).map(|(place, item)| (place, work(item))).collect::<Vec<_>>();
    let mut done: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> = (0..lanes).map(|_| scope.spawn(lane)).collect();
        started
            .into_iter()
            .flat_map(|lane| lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        assert_eq!(run(3, 0..10, |number| number * 2), (0..10).map(|number| number * 2).collect::<Vec<_>>());
    }

    #[test]
    fn as_many_work_as_there_are_lanes() {
        let (tell, told) = sync_channel(1);
        let told = Mutex::new(told);
        // The first can end only while the second is done beside it.
        let waited = run(2, [true, false], |first| match first {
            true => told.lock().unwrap().recv_timeout(Duration::from_secs(60)).is_ok(),
            false => tell.send(()).is_ok(),
        });
        assert_eq!(waited, [true, true]);
    }
}
