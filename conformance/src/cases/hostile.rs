//! Checks that identities, which come from users, stay apart in keys.  (ES-014, ES-015)

mod tables;

use extstore::{Claim, NexusTarget, Payload, SelectContext, Target};

use crate::case::{Case, CaseResult, Cx, OrFail, Stop, expect, expect_eq, expect_payloads, fail};
use crate::{Role, fixture};

pub(super) const CASES: &[Case] = &[
    identities("hostile.slash", "uses identities with slashes", |cx| Box::pin(apart(cx, tables::SLASH))),
    identities("hostile.dot_segments", "uses `.`, `..` and paths as identities", |cx| {
        Box::pin(apart(cx, tables::DOT_SEGMENTS))
    }),
    identities("hostile.percent_literals", "uses identities that look percent-encoded", |cx| {
        Box::pin(apart(cx, tables::PERCENT_LITERALS))
    }),
    identities("hostile.unicode", "uses emoji, right-to-left text, combining marks, U+FFFD", |cx| {
        Box::pin(apart(cx, tables::UNICODE))
    }),
    identities("hostile.unicode_nfc_nfd", "uses composed and decomposed forms of one text", |cx| {
        Box::pin(apart(cx, tables::UNICODE_NFC_NFD))
    }),
    identities("hostile.control_chars", "uses identities with control characters", |cx| {
        Box::pin(apart(cx, tables::CONTROL_CHARS))
    }),
    identities("hostile.http_injection", "uses identities that mean something in a request", |cx| {
        Box::pin(apart(cx, tables::HTTP_INJECTION))
    }),
    identities("hostile.separators", "uses what separates things in stores, patterns and shells", |cx| {
        Box::pin(apart(cx, tables::SEPARATORS))
    }),
    Case::core(
        "hostile.max_length",
        &["ES-015", "ES-008"],
        "uses identities of 1,000 characters in every field",
        "a key above the store's limit fails the store, and a truncated one loses its digest",
        |cx| Box::pin(max_length(cx)),
    ),
    Case::core(
        "hostile.injective",
        &["ES-014"],
        "stores one payload under pairs of targets that collide when identities are joined naively",
        "one workflow's lifecycle rule or permission would cover another's payloads",
        |cx| Box::pin(injective(cx)),
    ),
    identities("hostile.case_only", "uses identities that differ in case only", |cx| {
        Box::pin(apart(cx, tables::CASE_ONLY))
    }),
    Case::core(
        "hostile.target_absent",
        &["ES-014"],
        "stores without target, without namespace, with empty fields, for a Nexus operation",
        "a start request has no run yet, and a codec knows no target at all",
        |cx| Box::pin(target_absent(cx)),
    ),
];

const fn identities(id: &'static str, does: &'static str, run: crate::case::CaseFn) -> Case {
    let matters = "normalised, decoded or cut identities mix up workflows, or fail those that have them";
    Case::core(id, &["ES-014"], does, matters, run)
}

/// Stores under each identity, at each place of a target, and expects everything back and apart.
async fn apart(cx: Cx, identities: &[&str]) -> CaseResult {
    let shared = fixture::payload(&mut cx.rng(), 200);
    let mut claims = Vec::new();
    for make in [as_id, as_names, as_activity] {
        let targets: Vec<Target> = identities.iter().map(|identity| make(identity)).collect();
        let of_place = round_trip_under(&cx, &targets, &shared).await?;
        expect_apart(&cx, &of_place, identities)?;
        claims.extend(of_place);
    }
    expect_own_objects(&cx, &claims, claims.len()).await
}

fn as_id(identity: &str) -> Target {
    Target::workflow("conformance", "Suite", identity)
}

fn as_names(identity: &str) -> Target {
    let execution = extstore::ExecutionTarget::new(identity).with_type(identity).with_run_id(identity);
    Target::Workflow(execution.with_id("fixed"))
}

fn as_activity(identity: &str) -> Target {
    Target::activity("conformance", identity, "fixed")
}

/// Stores `shared` and a payload of its own under each target; returns the claims of `shared`.
async fn round_trip_under(cx: &Cx, targets: &[Target], shared: &Payload) -> Result<Vec<Claim>, Stop> {
    let (writer, reader) = (cx.driver().await?, cx.driver().await?);
    let mut rng = cx.rng();
    let (mut claims, mut payloads, mut of_shared) = (Vec::new(), Vec::new(), Vec::new());
    for target in targets {
        let batch = vec![shared.clone(), fixture::payload(&mut rng, 300)];
        let stored = cx.store_for(&*writer, Some(target.clone()), batch.clone()).await;
        let stored = stored.or_fail(&format!("storing under {target:?} succeeds"))?;
        expect_eq("number of claims", stored.len(), 2)?;
        of_shared.push(stored[0].clone());
        claims.extend(stored);
        payloads.extend(batch);
    }
    let found = cx.retrieve(&*reader, claims).await.or_fail("retrieve succeeds")?;
    expect_payloads(&found, &payloads)?;
    Ok(of_shared)
}

fn expect_apart(cx: &Cx, claims: &[Claim], identities: &[&str]) -> CaseResult {
    if !cx.profile().keyed_by_target {
        // One content has one object then, whoever stored it: nothing can be mixed up.
        return Ok(());
    }
    for (place, claim) in claims.iter().enumerate() {
        if let Some(other) = claims[..place].iter().position(|earlier| earlier == claim) {
            let (one, two) = (identities[other], identities[place]);
            return Err(fail(format!("different claims for {one:?} and {two:?}"), "equal claims"));
        }
    }
    Ok(())
}

/// Expects, where the store can be read, as many objects as the shared payload and its neighbours have claims.
async fn expect_own_objects(cx: &Cx, shared: &[Claim], own: usize) -> CaseResult {
    let profile = cx.profile();
    let (Ok(raw), true) = (cx.raw(), profile.keyed_by_target && profile.content_addressed) else {
        return Ok(());
    };
    expect_eq("objects in the store", raw.list().await.len(), shared.len() + own)
}

async fn max_length(cx: Cx) -> CaseResult {
    let profile = cx.profile();
    for character in ['x', '\u{1f600}'] {
        let long = character.to_string().repeat(1000);
        let places = [
            (true, Target::workflow("conformance", "Suite", &*long)),
            (true, Target::activity("conformance", &*long, &*long)),
            (false, fixture::long_target(character, 1000)),
        ];
        let targets: Vec<Target> = places.iter().map(|(_, target)| target.clone()).collect();
        let claims = round_trip_under(&cx, &targets, &fixture::payload(&mut cx.rng(), 200)).await?;
        for (claim, (visible, _)) in claims.iter().zip(&places) {
            let Some(key) = fixture::field(claim, &profile, Role::Key) else { continue };
            let limit = profile.max_key_bytes.unwrap_or(usize::MAX);
            expect(key.len() <= limit, format!("a key of up to {limit} bytes"), || {
                format!("{} bytes", key.len())
            })?;
            let shown = !visible || !profile.keyed_by_target || key.contains("conformance");
            expect(shown, "a key in which the namespace can be seen", || "a key without it")?;
        }
    }
    Ok(())
}

async fn injective(cx: Cx) -> CaseResult {
    for (one, two) in tables::colliding_targets() {
        let payload = fixture::payload(&mut cx.rng(), 200);
        let claims = round_trip_under(&cx, &[one.clone(), two.clone()], &payload).await?;
        let apart = claims[0] != claims[1] || !cx.profile().keyed_by_target;
        expect(apart, format!("different claims for {one:?} and {two:?}"), || "equal claims")?;
    }
    // The shared layout spells an empty identity `null`: both may be one object, and must both be readable.
    let harmless = [Target::workflow("n", "T", ""), Target::workflow("n", "T", "null")];
    round_trip_under(&cx, &harmless, &fixture::payload(&mut cx.rng(), 200)).await.map(drop)
}

async fn target_absent(cx: Cx) -> CaseResult {
    let contexts = [
        SelectContext::new(),
        SelectContext::new().with_namespace(Some("ambient")),
        SelectContext::new()
            .with_namespace(Some("ambient"))
            .with_target(Some(Target::Nexus(NexusTarget::new("endpoint", "service", "operation")))),
        SelectContext::new().with_target(Some(Target::Nexus(NexusTarget::new("", "", "")))),
        SelectContext::new().with_target(Some(Target::workflow("", "", ""))),
        SelectContext::new().with_namespace(Some("ambient")).with_target(Some(Target::activity("", "", ""))),
        SelectContext::new().with_target(Some(Target::workflow("n", "", ""))),
    ];
    let (writer, reader) = (cx.driver().await?, cx.driver().await?);
    let mut rng = cx.rng();
    for context in contexts {
        let payload = fixture::payload(&mut rng, 200);
        let stored = cx.store_in(&*writer, context.clone(), vec![payload.clone()]).await;
        let claims = stored.or_fail(&format!("storing under {context:?} succeeds"))?;
        let found = cx.retrieve(&*reader, claims).await.or_fail("retrieve succeeds")?;
        expect_payloads(&found, &[payload])?;
    }
    Ok(())
}
