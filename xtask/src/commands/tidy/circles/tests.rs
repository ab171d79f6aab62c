use std::io::ErrorKind;

use super::*;

/// Returns the circles of a crate that consists of these files, each as its modules.
fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let circles = circles(&read(files), Path::new("src"));
    circles.into_iter().map(|circle| circle.modules.into_iter().collect()).collect()
}

fn read(files: &[(&str, &str)]) -> Vec<Module> {
    let text = |path: &Path| {
        let found = files.iter().find(|(name, _)| Path::new("src").join(name) == path);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| ErrorKind::NotFound.into())
    };
    tree::modules(Path::new("src/lib.rs"), &text).expect("every module has a file")
}

#[test]
fn two_modules_that_use_each_other_are_a_circle() {
    let circle = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B;\npub struct A;"),
        ("b.rs", "use super::a;\npub struct B(a::A);"),
        ("c.rs", "use crate::{a::A, b};"),
    ];
    assert_eq!(found(&circle), [["a", "b"]]);
    let modules = read(&circle);
    let circles = circles(&modules, Path::new("src"));
    assert_eq!(circles[0].references, ["b → a (b.rs:1)", "a → b (a.rs:1)"]);
}

#[test]
fn one_direction_is_no_circle() {
    let files = [
        ("lib.rs", "mod a; mod b; pub use a::A;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "pub struct B; impl B { fn a() { other::a::b(); \"crate::a::A\"; } }"),
    ];
    assert!(found(&files).is_empty());
}

#[test]
fn a_circle_of_three_closes_through_a_path_in_the_code() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b;"),
        ("b.rs", "fn f() -> crate::c::C { todo() }"),
        ("c.rs", "pub struct C; fn f(a: &super::a::A) {}"),
    ];
    assert_eq!(found(&files), [["a", "b", "c"]]);
}

#[test]
fn a_re_export_leads_to_the_module_that_defines_the_name() {
    // `a` uses the name by the root and by another module's `*`; `b` refers to `a`.
    let by_root = [
        ("lib.rs", "mod a; mod b; pub use b::inner::B;"),
        ("a.rs", "use crate::B; pub struct A;"),
        ("b.rs", "pub mod inner;"),
        ("b/inner.rs", "use crate::a::A; pub struct B;"),
    ];
    assert_eq!(found(&by_root), [["a", "b::inner"]]);
    let by_glob = [
        ("lib.rs", "mod a; mod b; mod list;"),
        ("list.rs", "pub use crate::b::*;"),
        ("a.rs", "use crate::list::B; pub struct A;"),
        ("b.rs", "use crate::a::A; pub struct B;"),
    ];
    assert_eq!(found(&by_glob), [["a", "b"]]);
}

#[test]
fn a_module_that_only_hands_names_on_is_in_no_circle() {
    let files = [
        ("lib.rs", "mod a; mod list;"),
        ("list.rs", "pub(crate) use crate::a::A; pub struct L;"),
        ("a.rs", "use crate::list::L; pub struct A;"),
    ];
    assert!(found(&files).is_empty());
}

#[test]
fn a_module_and_those_inside_it_are_one_thing() {
    let files = [
        ("lib.rs", "mod a;"),
        ("a.rs", "mod part; pub struct A; fn f() { part::f() }"),
        ("a/part.rs", "use super::A; pub fn f() {}"),
    ];
    assert!(found(&files).is_empty());
    let siblings = [
        ("lib.rs", "mod a;"),
        ("a.rs", "mod one; mod two { use super::one::One; pub struct Two; }"),
        ("a/one.rs", "use crate::a::two::Two; pub struct One;"),
    ];
    assert_eq!(found(&siblings), [["a::one", "a::two"]]);
}

#[test]
fn test_code_may_use_everything() {
    let files = [
        ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
        ("a.rs", "use crate::b::B; #[cfg(test)] mod tests { use crate::b; }"),
        (
            "b.rs",
            "pub struct B; #[cfg(test)] impl B { fn f(x: (u8, u8)) { crate::a::f(); } } #[test] fn t() { crate::a::f() }",
        ),
    ];
    assert!(found(&files).is_empty());
}

#[test]
fn a_module_in_a_folder_is_found_by_either_name() {
    let files = [("lib.rs", "mod a; mod b;"), ("a/mod.rs", "use crate::b;"), ("b.rs", "use crate::a;")];
    assert_eq!(found(&files), [["a", "b"]]);
}

fn circle(modules: &[&str]) -> Circle {
    Circle { modules: modules.iter().map(|module| (*module).to_owned()).collect(), references: Vec::new() }
}

#[test]
fn only_a_listed_circle_may_stay_and_only_while_it_exists() {
    let listed = Allowed { package: "p", modules: &["a", "b", "c"], reason: "a reason" };
    assert!(judge("p", &[circle(&["a", "b"])], &[&listed]).is_empty());
    let strange = judge("p", &[circle(&["a", "b"]), circle(&["a", "d"])], &[&listed]);
    assert!(strange.len() == 1 && strange[0].contains("a, d need each other"), "{strange:?}");
    let gone = judge("p", &[], &[&listed]);
    assert!(gone.len() == 1 && gone[0].contains("take them off the list"), "{gone:?}");
}
