//! Holds one live test with its name.

use std::fmt::{Debug, Formatter};

use futures_util::future::{FutureExt as _, LocalBoxFuture};

/// Holds a test that is given a `C`, with its name.
pub struct Test<C> {
    pub(super) name: &'static str,
    pub(super) body: Body<C>,
    pub(super) known: Option<&'static str>,
}

/// Runs a test and returns what it saw.
pub(super) type Body<C> = Box<dyn FnOnce(C) -> LocalBoxFuture<'static, String>>;

impl<C> Test<C> {
    /// Makes a test of an async function, which panics to fail. It may return a text that is printed when it passed.
    #[must_use]
    pub fn new<F, T>(name: &'static str, body: impl FnOnce(C) -> F + 'static) -> Self
    where
        F: Future<Output = T> + 'static,
        T: Told + 'static,
    {
        Self { name, body: Box::new(|context| body(context).map(Told::told).boxed_local()), known: None }
    }

    /// Marks a test that is known to fail, with the reason. If it passes, the run fails.
    #[must_use]
    pub fn known_to_fail(self, reason: &'static str) -> Self {
        Self { known: Some(reason), ..self }
    }
}

impl<C> Debug for Test<C> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Test").field("name", &self.name).field("known", &self.known).finish_non_exhaustive()
    }
}

/// Turns the value that a test returns into the text of its line.
pub trait Told {
    /// Returns the text for the test's line, in a few words.
    fn told(self) -> String;
}

impl Told for () {
    fn told(self) -> String {
        String::new()
    }
}

impl Told for String {
    fn told(self) -> String {
        self
    }
}
