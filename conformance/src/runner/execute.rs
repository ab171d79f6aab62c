//! Runs one case in its own task, so that it can panic or hang without taking the run along.

use std::any::Any;
use std::time::Duration;

use crate::case::{Case, CaseResult, Cx, fail};

pub(super) async fn execute(case: &Case, cx: Cx, limit: Duration) -> CaseResult {
    let mut task = tokio::spawn((case.run)(cx));
    match tokio::time::timeout(limit, &mut task).await {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => match error.try_into_panic() {
            Ok(panic) => Err(fail("the case ends without a panic", panic_text(panic.as_ref()))),
            Err(error) => Err(fail("the case ends", error)),
        },
        Err(_) => {
            task.abort();
            Err(fail(format!("the case ends within {limit:?}"), "it did not end"))
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("a panic: {}", text.unwrap_or("without a text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_either_kind_is_quoted() {
        assert_eq!(panic_text(&"literal"), "a panic: literal");
        assert_eq!(panic_text(&String::from("built")), "a panic: built");
        assert_eq!(panic_text(&7), "a panic: without a text");
    }
}
