use super::*;
use crate::failure::Verdict;

const NAME: Flag = Flag::commas("name", "N", "names");
const COUNT: Flag = Flag::once("count", "N", "how many");
const SET: Flag = Flag::often("set", "K=V", "a setting");
const FAST: Flag = Flag::switch("fast", "in a hurry");

const fn command(operands: Operands) -> Command {
    const FLAGS: &[Flag] = &[NAME, COUNT, SET, FAST];
    Command {
        name: "try",
        about: "tries",
        operands,
        flags: FLAGS,
        runs_drivers: false,
        run: |_, _| Ok(Verdict::Passed),
    }
}

#[test]
fn values_are_read_by_the_flags_that_declare_them() {
    let args = ["--name", "a, b", "--set", "x=1", "--name=c", "--set", "y=2,z", "--count", "7", "--fast"];
    let given = Given::of(&command(Operands::None), &args).expect("valid");
    assert_eq!(given.all(&NAME).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(given.all(&SET).collect::<Vec<_>>(), ["x=1", "y=2,z"]);
    assert_eq!(given.number::<u64>(&COUNT).expect("a number"), Some(7));
    assert!(given.has(&FAST) && !given.help);
}

#[test]
fn what_is_not_declared_is_refused() {
    for args in [
        &["--slow"][..],
        &["operand"],
        &["--count"],
        &["--count", "1", "--count", "2"],
        &["--fast=yes"],
        &["-f"],
    ] {
        let refused = Given::of(&command(Operands::None), args).expect_err("an invalid command line");
        assert_eq!(refused.exit_code(), 2, "{args:?}: {refused}");
    }
    let given = Given::of(&command(Operands::None), &["--count", "seven"]).expect("a word");
    assert!(given.number::<u64>(&COUNT).is_err());
}

#[test]
#[should_panic(expected = "--other is not declared")]
fn a_flag_that_its_command_does_not_declare_cannot_be_read() {
    let given = Given::of(&command(Operands::None), &[]).expect("valid");
    given.has(&Flag::switch("other", ""));
}

#[test]
fn raw_operands_keep_their_flags() {
    let args = ["--fast", "make", "--fast", "--anything"];
    let given = Given::of(&command(Operands::Raw("COMMAND…")), &args).expect("valid");
    assert_eq!(given.operands, ["make", "--fast", "--anything"]);
    let given = Given::of(&command(Operands::Any("[DIR]")), &["a", "--fast", "b"]).expect("valid");
    assert!(given.operands == ["a", "b"] && given.has(&FAST));
}

#[test]
fn the_help_shows_every_flag_as_it_is_typed() {
    let commands = [command(Operands::Any("[DIR]"))];
    let all = help(&commands);
    assert!(all.contains("[--name N,…] [--count N] [--set K=V]… [--fast] [DIR]"), "{all}");
    let one = help_of(&commands[0]);
    for flag in ["--name N,…", "--count N", "--set K=V", "--fast"] {
        assert!(one.lines().any(|line| line.trim_start().starts_with(flag)), "{one}");
    }
    assert!(Given::of(&commands[0], &["--help"]).expect("valid").help);
}
