//! Runs the chosen tests one after another or side by side.

use futures_util::StreamExt as _;
use futures_util::stream::iter;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;

use super::ending::{self, Ending};
use super::{Live, Test};

/// Runs the tests and returns how each ended.
pub(super) fn run<C>(
    live: &Live,
    context: &dyn Fn(&str) -> C,
    tests: Vec<Test<C>>,
    say: &dyn Fn(&str),
) -> Vec<Ending> {
    let run = |test| ending::run(test, context, live.limit, say);
    if live.at_once > 1 {
        return block_on(iter(tests).map(run).buffer_unordered(live.at_once).collect());
    }
    tests.into_iter().map(|test| block_on(run(test))).collect()
}

/// Tests need not be `Send`: each runs on this thread, and what it spawns has the runtime's threads too.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    // Without threads and a timer no test can run.
    let runtime = Runtime::new().expect("a tokio runtime");
    let output = LocalSet::new().block_on(&runtime, future);
    // What a test left behind, such as a blocking call that hangs, must not hold up the next one.
    runtime.shutdown_background();
    output
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::pending;
    use std::rc::Rc;
    use std::time::Duration;

    use tokio::sync::{Barrier, oneshot};

    use super::*;

    type Ends = Rc<RefCell<(Option<oneshot::Sender<()>>, Option<oneshot::Receiver<()>>)>>;

    /// Fails a test with a formatted message.
    async fn fail(words: u32) {
        assert!(words == 0, "with {words} words");
    }

    fn run_all<C: Clone>(live: &Live, context: C, tests: Vec<Test<C>>) -> (Vec<Ending>, Vec<String>) {
        let lines = RefCell::new(Vec::new());
        let say = |line: &str| lines.borrow_mut().push(line.to_owned());
        let endings = run(live, &|_| context.clone(), tests, &say);
        (endings, lines.into_inner())
    }

    #[test]
    fn a_panic_fails_its_test_and_no_other() {
        let tests = vec![
            Test::new("words", |()| fail(2)),
            Test::new("passes", |()| async { "seen".to_owned() }),
            Test::new("plain", |()| async { assert!(Vec::<u8>::new().len() > 1, "plain") }),
        ];
        let (endings, lines) = run_all(&Live::new(), (), tests);
        assert_eq!(endings, [Ending::Failed, Ending::Passed, Ending::Failed]);
        assert!(lines[0].starts_with("test words ... FAILED in ") && lines[0].ends_with(": with 2 words"));
        assert!(lines[1].starts_with("test passes ... ok in ") && lines[1].ends_with(": seen"));
        assert!(lines[2].ends_with(": plain"), "{lines:?}");
    }

    #[test]
    fn a_panic_while_the_context_is_made_fails_the_test() {
        let tests = vec![Test::new("one", |()| async {})];
        let endings = run(&Live::new(), &|name| assert_ne!(name, "one"), tests, &|_| ());
        assert_eq!(endings, [Ending::Failed]);
    }

    #[test]
    fn a_test_that_hangs_fails_after_the_limit() {
        let tests = vec![Test::new("hangs", |()| pending::<()>()), Test::new("passes", |()| async {})];
        let (endings, lines) = run_all(&Live::new().with_limit(Duration::from_millis(1)), (), tests);
        assert_eq!(endings, [Ending::Failed, Ending::Passed]);
        assert!(lines[0].ends_with("not finished after 1ms"), "{lines:?}");
    }

    #[test]
    fn a_known_failure_is_no_pass_and_must_not_pass() {
        let tests = vec![
            Test::new("fails", |()| fail(1)).known_to_fail("a reason"),
            Test::new("passes", |()| async {}).known_to_fail("a reason"),
        ];
        let (endings, lines) = run_all(&Live::new(), (), tests);
        assert_eq!(endings, [Ending::Known, Ending::Failed]);
        assert!(lines[0].contains("known failure") && lines[0].ends_with(": a reason"), "{lines:?}");
    }

    #[test]
    fn side_by_side_tests_run_at_the_same_time() {
        let meet = |name| {
            Test::new(name, |barrier: Rc<Barrier>| async move {
                barrier.wait().await;
            })
        };
        let tests = vec![meet("one"), meet("two")];
        let (endings, _) = run_all(&Live::new().side_by_side(2), Rc::new(Barrier::new(2)), tests);
        assert_eq!(endings, [Ending::Passed, Ending::Passed]);
    }

    #[test]
    fn nothing_of_a_test_lives_on_in_the_next() {
        let (held, released) = oneshot::channel::<()>();
        let ends = Rc::new(RefCell::new((Some(held), Some(released))));
        let tests = vec![
            Test::new("leaves a task behind", |ends: Ends| async move {
                let held = ends.borrow_mut().0.take().unwrap();
                tokio::spawn(async move {
                    pending::<()>().await;
                    drop(held)
                });
            }),
            Test::new("sees its end", |ends: Ends| async move {
                let released = ends.borrow_mut().1.take().unwrap();
                assert!(released.await.is_err(), "the sender is dropped and sends nothing");
            }),
        ];
        let (endings, _) = run_all(&Live::new(), ends, tests);
        assert_eq!(endings, [Ending::Passed, Ending::Passed]);
    }
}
