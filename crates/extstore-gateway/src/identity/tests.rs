use super::*;

#[test]
fn an_unknown_token_is_nobody() {
    assert!(Identities::default().find(b"token").is_none());
}
