//! Asks a Python interpreter.

#![expect(clippy::disallowed_types, reason = "these tests compare with another program")]

use std::io::Write as _;
use std::process::{Command, Stdio};

const ORACLE: &str = include_str!("oracle.py");

/// The newest interpreter in the path that the oracle can use.
fn interpreter() -> Option<&'static str> {
    let check = "import sys; sys.exit(sys.version_info < (3, 12))";
    ["python3.14", "python3.13", "python3", "python3.12"].into_iter().find(|name| {
        let status = Command::new(name).args(["-c", check]).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    })
}

/// Runs the oracle on `input` and returns its lines; nothing without an interpreter.
pub(crate) fn ask(arguments: &[&str], input: String) -> Option<Vec<String>> {
    let mut oracle = Command::new(interpreter()?)
        .args(["-I", "-X", "utf8", "-c", ORACLE])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = oracle.stdin.take().unwrap();
    // Both pipes are bounded, so writing and reading have to go on at the same time.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let output = oracle.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

/// Asks about many sources at once; each answer is `None` where Python reports an error.
pub(crate) fn ask_each(question: &str, sources: &[String]) -> Option<Vec<Option<String>>> {
    let input = sources.iter().map(|source| hex(source.as_bytes()) + "\n").collect();
    let answers = ask(&[question], input)?;
    assert_eq!(answers.len(), sources.len());
    let decode = |line: &String| (line != "error").then(|| String::from_utf8(bytes(line)).unwrap());
    Some(answers.iter().map(decode).collect())
}

fn hex(bytes: &[u8]) -> String {
    let digit = |digit: u8| char::from_digit(u32::from(digit), 16).unwrap();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes written in hexadecimal.
pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
