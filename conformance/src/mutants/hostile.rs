//! Lists wrong layouts that normalise, cut, decode or join identities.

use async_trait::async_trait;
use extstore::object::escape_percent;
use extstore::{Claim, ErrorKind, Payload, Result, StoreContext};

use super::Mutant;
use super::wrong_driver::{Inner, WrongDriver, wrong_driver};
use crate::http_store::{HttpLayout, Recipe};

pub(super) const MUTANTS: &[Mutant] = &[
    identities("hostile.slash", "repeated_and_outer_slashes_are_dropped", |recipe| {
        escape(recipe, |identity| sound(&identity.replace("//", "/").trim_matches('/').replace("//", "/")));
    }),
    identities("hostile.dot_segments", "dot_segments_are_resolved", |recipe| {
        escape(recipe, |identity| sound(&resolved(identity)));
    }),
    Mutant::new("hostile.percent_literals", "identities_are_percent_decoded_first", |recipe| {
        escape(recipe, |identity| sound(&identity.replace("%2F", "/").replace("%25", "%")));
    })
    .also(&["hostile.injective", "interop.key_layout"]),
    identities("hostile.unicode", "invisible_characters_are_stripped", |recipe| {
        escape(recipe, |identity| sound(&identity.replace(['\u{200d}', '\u{202e}', '\u{feff}'], "")));
    }),
    identities("hostile.unicode_nfc_nfd", "identities_are_composed", |recipe| {
        escape(recipe, |identity| {
            sound(&identity.replace("e\u{301}", "\u{e9}").replace("A\u{30a}", "\u{c5}"))
        });
    }),
    identities("hostile.control_chars", "control_characters_are_stripped", |recipe| {
        escape(recipe, |identity| sound(&identity.replace(char::is_control, "")));
    }),
    identities("hostile.http_injection", "the_query_is_cut_off", |recipe| {
        escape(recipe, |identity| sound(identity.split(['?', '#']).next().unwrap_or_default()));
    }),
    identities("hostile.separators", "special_characters_become_underscores", |recipe| {
        escape(recipe, |identity| sound(&identity.replace([':', '*', '|', ',', '='], "_")));
    }),
    Mutant::new("hostile.max_length", "keys_have_no_limit", |recipe| recipe.layout.keys.max_bytes = None)
        .also(&["claims.small", "interop.key_layout"]),
    Mutant::new("hostile.injective", "slashes_are_not_escaped", |recipe| {
        escape(recipe, |identity| match identity {
            "." | ".." => sound(identity),
            _ => {
                escape_percent(identity, |byte| byte.is_ascii_alphanumeric() || b"!-_.*'()/".contains(&byte))
            }
        });
    })
    .also(&["hostile.dot_segments", "interop.key_layout"]),
    identities("hostile.case_only", "identities_are_lower_cased", |recipe| {
        escape(recipe, |identity| sound(&identity.to_lowercase()));
    })
    .also(&["hostile.unicode_nfc_nfd", "interop.key_layout"]),
    Mutant::new("hostile.target_absent", "a_target_is_required", |recipe| {
        wrong_driver(recipe, |_| NeedsTarget)
    })
    .also(&["claims.no_secrets", "claims.keys_documented", "interop.key_layout"]),
];

/// Also changes the official SDKs' keys: the vectors hold such identities too.
const fn identities(killer: &'static str, name: &'static str, spoil: fn(&mut Recipe)) -> Mutant {
    Mutant::new(killer, name, spoil).also(&["interop.key_layout"])
}

fn escape(recipe: &mut Recipe, escape: fn(&str) -> String) {
    recipe.layout.keys = recipe.layout.keys.clone().with_escape(escape);
}

fn sound(identity: &str) -> String {
    HttpLayout::default().keys.escape(identity)
}

/// As a client resolves a path before it sends it.
fn resolved(identity: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in identity.split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    segments.join("/")
}

struct NeedsTarget;

#[async_trait]
impl WrongDriver for NeedsTarget {
    async fn store(
        &self,
        inner: &Inner,
        context: &StoreContext,
        payloads: Vec<Payload>,
    ) -> Result<Vec<Claim>> {
        match context.target() {
            Some(_) => inner.store(context, payloads).await,
            None => Err(ErrorKind::Config.error("there is no target")),
        }
    }
}
