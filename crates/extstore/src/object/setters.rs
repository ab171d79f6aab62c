//! Lists the setters of [`ObjectOptions`](super::ObjectOptions) once, for that type and for the options of every driver.

/// Gives a driver's own options every setter of [`ObjectOptions`](crate::object::ObjectOptions), with its documentation.
///
/// Invoke it inside an `impl` block of the options type, with the name of the field that holds the `ObjectOptions`.
/// A setter that a later version of this crate adds appears on the type without an edit. What a setter means for one
/// store in particular belongs into the documentation of the type.
///
/// Beside the setters the type gets `with_object`, which applies one function to the options of several drivers.
///
/// ```
/// use extstore::object::ObjectOptions;
///
/// /// Says how the driver reaches its store.
/// #[derive(Clone, Debug)]
/// #[must_use]
/// pub struct MyOptions {
///     address: String,
///     object: ObjectOptions,
/// }
///
/// impl MyOptions {
///     /// Options for payloads stored in the store at `address`.
///     pub fn new(address: impl Into<String>) -> Self {
///         Self { address: address.into(), object: ObjectOptions::new("") }
///     }
///
///     extstore::object_setters!(object);
/// }
///
/// let options = MyOptions::new("store.internal:1234").with_name("payments").with_key_prefix("team");
/// # drop(options);
/// ```
#[macro_export]
macro_rules! object_setters {
    ($field:ident) => {
        $crate::object_setters! { @list @forward $field }

        /// Applies `change` to the engine's options: for one function that configures several drivers alike.
        #[allow(dead_code, unreachable_pub)] // A program's own driver need not use every setter, nor export its options.
        pub fn with_object(
            mut self,
            change: impl ::core::ops::FnOnce($crate::object::ObjectOptions) -> $crate::object::ObjectOptions,
        ) -> Self {
            self.$field = change(self.$field);
            self
        }
    };

    // Each setter: its documentation, its name, its argument, and what it does to the engine's options.
    (@list $($make:tt)*) => {
        $crate::object_setters! { $($make)*
            /// Names the driver instance; its type is the name otherwise. The name is permanent: references carry it.
            with_name(name: impl ::core::convert::Into<::std::string::String>)
                |options| options.name = Some(name.into());

            /// Puts all keys under a prefix, and refuses claims outside it. Separators at its end do not count, and an
            /// empty prefix means none.
            ///
            /// Claims that were written under another prefix, or without one, need
            /// [`with_readable`](Self::with_readable).
            with_key_prefix(prefix: impl ::core::convert::Into<::std::string::String>)
                |options| options.key_prefix = prefix.into();

            /// Allows claims that point at one more location: a container, or a prefix of keys. Required where the
            /// container is chosen per payload.
            ///
            /// See [`Readable`](extstore::object::Readable). A store without containers takes
            /// [`Readable::prefix`](extstore::object::Readable::prefix) alone.
            with_readable(location: impl ::core::convert::Into<$crate::object::Readable>)
                |options| options.readable.push(location.into());

            /// Refuses to store payloads of more encoded bytes than this, metadata included; 50 MiB by default, as in
            /// the other SDKs' drivers.
            with_max_payload_size(bytes: u64)
                |options| options.max_payload_size = bytes;

            /// Refuses to read objects of more bytes than this; 128 MiB by default. It must not be less than what may
            /// be stored.
            with_read_cap(bytes: u64)
                |options| options.read_cap = bytes;

            /// Renews an object that exists already once it is this old, so that an expiry rule of the store cannot
            /// delete what was just stored again. Without it only objects are renewed whose end the store names.
            ///
            /// Choose less than the rule's age minus the longest time that a payload must stay readable.
            with_refresh_after(age: ::core::time::Duration)
                |options| options.refresh_after = Some(age);

            /// Demands that an object stays at least this long after its payload was stored, where the store says when it
            /// will delete the object: one that ends sooner is renewed, and where it ends sooner even so, or is new, the
            /// store fails with `Config`.
            ///
            /// Without it, [`DEFAULT_MIN_LIFETIME`](extstore::object::DEFAULT_MIN_LIFETIME) is demanded, one hour, and an
            /// object is renewed earlier: once less than half of its life is left. Where the store says no age, the
            /// longest life that it named for an object of this driver counts; before it named one, the object is renewed.
            /// An object whose end no renewal can move is renewed once and then kept while the hour is left.
            ///
            /// Choose the longest time that a payload must stay readable.
            with_min_lifetime(lifetime: ::core::time::Duration)
                |options| options.min_lifetime = Some(lifetime);

            /// Asks again for an object that the store does not have until this much time has passed, with the pauses of
            /// the retry policy; zero by default, which asks once.
            ///
            /// For stores whose replicas lag, such as a bucket that is replicated between regions: there an object that
            /// was just stored may not be visible to its reader yet. Where the message's deadline or the time for the payload
            /// ends first, the error is `NotFound` that may be retried later.
            with_not_found_budget(budget: ::core::time::Duration)
                |options| options.not_found_budget = budget;

            /// Reads objects that the store does not have or cannot deliver from one more place; see
            /// [`ReadFallback`](extstore::object::ReadFallback). The places are tried in the order in which they are given.
            with_read_fallback(place: $crate::object::ReadFallback)
                |options| options.read_fallbacks.push(place);

            /// Sets how often one request is tried and how long the engine pauses in between. The vendor's own retries
            /// are off.
            ///
            /// See [`RetryPolicy`](extstore::object::RetryPolicy) for the defaults.
            with_retry(retry: $crate::object::RetryPolicy)
                |options| options.retry = retry;

            /// Sets how long the engine waits for the store.
            ///
            /// See [`Timeouts`](extstore::object::Timeouts) for the defaults.
            with_timeouts(timeouts: $crate::object::Timeouts)
                |options| options.timeouts = timeouts;

            /// Sets how many stored keys are remembered, so that storing them again makes no request; 16,384 by
            /// default, and 0 remembers none.
            ///
            /// A key is remembered for [`KNOWN_KEYS_LIFETIME`](extstore::object::KNOWN_KEYS_LIFETIME) at most, and
            /// never past the moment at which its object must be renewed.
            with_known_keys(keys: usize)
                |options| options.known_keys = keys;

            /// Keeps payloads in memory, so that reading them again makes no request; without it nothing is kept.
            ///
            /// See [`Cache`](extstore::object::Cache).
            with_cache(cache: $crate::object::Cache)
                |options| options.cache = Some(cache);
        }
    };

    // The setters of the engine's options themselves.
    (@define $($(#[$doc:meta])* $setter:ident($argument:ident: $type:ty) |$options:ident| $effect:expr;)*) => {
        $(
            $(#[$doc])*
            pub fn $setter(mut self, $argument: $type) -> Self {
                let $options = &mut self;
                $effect;
                self
            }
        )*
    };

    // The setters of a driver's options, which hand their argument on.
    (@forward $field:ident $($(#[$doc:meta])* $setter:ident($argument:ident: $type:ty) |$options:ident| $effect:expr;)*) => {
        $(
            $(#[$doc])*
            #[allow(dead_code, unreachable_pub)] // As above.
            pub fn $setter(mut self, $argument: $type) -> Self {
                self.$field = self.$field.$setter($argument);
                self
            }
        )*
    };
}

#[cfg(test)]
mod tests {
    use crate::object::ObjectOptions;

    /// Stands for a driver's options, written as another crate writes them.
    struct Outside {
        object: ObjectOptions,
    }

    impl Outside {
        crate::object_setters!(object);
    }

    #[test]
    fn every_setter_of_the_engine_stands_in_the_list() {
        let source = include_str!("options.rs");
        let (_, rest) = source.split_once("impl ObjectOptions {").unwrap();
        let (block, _) = rest.split_once("\n}").unwrap();
        assert!(block.contains("crate::object_setters!(@list @define);"));
        assert!(!block.contains("fn with_"), "a setter beside the list is missing on every driver's options");
    }

    #[test]
    fn the_setters_of_a_driver_reach_the_engine() {
        let options = Outside { object: ObjectOptions::new("") };
        let options = options.with_name("eu").with_object(|object| object.with_key_prefix("team"));
        let expected = ObjectOptions::new("").with_name("eu").with_key_prefix("team");
        assert_eq!(format!("{:?}", options.object), format!("{expected:?}"));
    }
}
