//! From the text of a pattern to its program, in one pass.

use core::str::Chars;

use super::{Instruction, Pattern, Set};

/// Instructions of a program, with repetitions written out.
const MAX_INSTRUCTIONS: usize = 512;
/// Of `{n,m}`.
const MAX_COUNT: usize = 100;
/// Groups in one another.
const MAX_DEPTH: usize = 32;

// Characters from, to, from, to, …, ascending; ASCII, as in RE2.
const DIGIT: &[u8] = b"09";
const SPACE: &[u8] = b"\t\n\x0c\r  ";
const WORD: &[u8] = b"09AZ__az";

pub(super) fn compile(text: &str) -> Option<Pattern> {
    let folded = text.strip_prefix("(?i)");
    let pattern = Pattern { program: Vec::new(), ranges: Vec::new(), ignores_case: folded.is_some() };
    let mut compiler = Compiler { rest: folded.unwrap_or(text).chars(), pattern, depth_left: MAX_DEPTH };
    compiler.alternation()?;
    compiler.next().is_none().then_some(compiler.pattern)
}

/// Writes the program while it reads. Distances are relative, so a part of a program can be moved and repeated.
struct Compiler<'a> {
    rest: Chars<'a>,
    pattern: Pattern,
    depth_left: usize,
}

impl Compiler<'_> {
    #[inline(never)]
    fn next(&mut self) -> Option<char> {
        self.rest.next()
    }

    /// Goes past `byte`, and says whether it was there.
    fn skip(&mut self, byte: u8) -> bool {
        let rest = self.rest.as_str().as_bytes();
        let there = rest.first() == Some(&byte);
        if there {
            self.next();
        }
        there
    }

    fn push(&mut self, instruction: Instruction) -> Option<()> {
        self.extend(&[instruction])
    }

    fn extend(&mut self, part: &[Instruction]) -> Option<()> {
        self.pattern.program.extend_from_slice(part);
        (self.pattern.program.len() <= MAX_INSTRUCTIONS).then_some(())
    }

    /// `a|b|c`
    fn alternation(&mut self) -> Option<()> {
        let start = self.pattern.program.len();
        self.concatenation()?;
        while self.skip(b'|') {
            let left = self.pattern.program.split_off(start);
            self.push(Instruction::Fork(left.len() + 2))?;
            self.extend(&left)?;
            let jump = self.pattern.program.len();
            self.push(Instruction::Jump(0))?;
            self.concatenation()?;
            let distance = self.pattern.program.len() - jump;
            *self.pattern.program.get_mut(jump)? = Instruction::Jump(distance);
        }
        Some(())
    }

    /// What stands between bars, each part with its repetition.
    fn concatenation(&mut self) -> Option<()> {
        while !matches!(self.rest.as_str().as_bytes().first(), None | Some(b'|' | b')')) {
            let start = self.pattern.program.len();
            self.atom()?;
            let (least, most) = if self.skip(b'*') {
                (0, None)
            } else if self.skip(b'+') {
                (1, None)
            } else if self.skip(b'?') {
                (0, Some(1))
            } else if self.skip(b'{') {
                self.counts()?
            } else {
                continue;
            };
            self.skip(b'?');
            self.repeat(start, least, most)?;
        }
        Some(())
    }

    /// Behind the brace of `{n}`, `{n,}` or `{n,m}`.
    fn counts(&mut self) -> Option<(usize, Option<usize>)> {
        let least = self.count()?;
        let most = if !self.skip(b',') {
            Some(least)
        } else if self.skip(b'}') {
            return Some((least, None));
        } else {
            Some(self.count()?)
        };
        (self.skip(b'}') && most >= Some(least)).then_some((least, most))
    }

    fn count(&mut self) -> Option<usize> {
        let mut count = usize::try_from(self.next()?.to_digit(10)?).ok()?;
        // A zero in front is no count in RE2.
        while count > 0
            && let Some(digit @ b'0'..=b'9') = self.rest.as_str().as_bytes().first()
        {
            count = count * 10 + usize::from(digit - b'0');
            if count > MAX_COUNT {
                return None;
            }
            self.next();
        }
        Some(count)
    }

    /// Repeats what the program has from `start` on.
    fn repeat(&mut self, start: usize, least: usize, most: Option<usize>) -> Option<()> {
        let part = self.pattern.program.split_off(start);
        if most.is_none() && least == 0 {
            self.push(Instruction::Fork(part.len() + 2))?;
        }
        for _ in 0..least.max(usize::from(most.is_none())) {
            self.extend(&part)?;
        }
        let Some(most) = most else { return self.push(Instruction::Again(part.len())) };
        for left in (1..=most - least).rev() {
            self.push(Instruction::Fork(left * (part.len() + 1)))?;
            self.extend(&part)?;
        }
        Some(())
    }

    fn atom(&mut self) -> Option<()> {
        match self.next()? {
            '(' => self.group(),
            '[' => self.class(),
            '^' => self.push(Instruction::Start),
            '$' => self.push(Instruction::End),
            '.' => {
                let set = self.set(|compiler| compiler.range(u32::from('\n'), u32::from('\n')))?;
                self.push(Instruction::Character(Set { inverted: true, ..set }))
            }
            '*' | '+' | '?' | '{' => None,
            '\\' if self.skip(b'b') => self.push(Instruction::Boundary { inverted: false }),
            '\\' if self.skip(b'B') => self.push(Instruction::Boundary { inverted: true }),
            character => {
                let set = self.set(|compiler| match compiler.member(character)? {
                    Some(code) => compiler.range(code, code),
                    None => Some(()),
                })?;
                self.push(Instruction::Character(set))
            }
        }
    }

    fn group(&mut self) -> Option<()> {
        if self.skip(b'?') && !self.skip(b':') {
            return None;
        }
        self.depth_left = self.depth_left.checked_sub(1)?;
        self.alternation()?;
        self.depth_left += 1;
        self.skip(b')').then_some(())
    }

    /// Behind the bracket of `[…]` or `[^…]`.
    fn class(&mut self) -> Option<()> {
        let inverted = self.skip(b'^');
        let set = self.set(Self::members)?;
        self.push(Instruction::Character(Set { inverted, ..set }))
    }

    /// At least one member: a bracket that closes in the first place is one.
    fn members(&mut self) -> Option<()> {
        loop {
            let character = self.next()?;
            // `[:` begins a name of POSIX.
            if character == '[' && self.rest.as_str().starts_with(':') {
                return None;
            }
            if let Some(first) = self.member(character)? {
                let last = if self.is_at_range() {
                    self.next();
                    let character = self.next()?;
                    self.member(character)??
                } else {
                    first
                };
                self.range(first, last)?;
            }
            if self.skip(b']') {
                return Some(());
            }
        }
    }

    /// Whether a hyphen comes that does not stand in the last place of the class.
    fn is_at_range(&self) -> bool {
        matches!(self.rest.as_str().as_bytes(), [b'-', after, ..] if *after != b']')
    }

    /// The ranges that `write` adds.
    fn set(&mut self, write: impl FnOnce(&mut Self) -> Option<()>) -> Option<Set> {
        let first = self.pattern.ranges.len();
        write(self)?;
        Some(Set { first, end: self.pattern.ranges.len(), inverted: false })
    }

    fn range(&mut self, first: u32, last: u32) -> Option<()> {
        self.pattern.ranges.push((first, last));
        (first <= last && (last <= 0x7f || !self.pattern.ignores_case)).then_some(())
    }

    /// A character that has been read, or the escape that it begins: its code; nothing for a group such as `\d`, whose
    /// ranges are added.
    fn member(&mut self, character: char) -> Option<Option<u32>> {
        if character != '\\' {
            return Some(Some(u32::from(character)));
        }
        let (group, inverted) = match self.next()? {
            'd' => (DIGIT, false),
            'D' => (DIGIT, true),
            's' => (SPACE, false),
            'S' => (SPACE, true),
            'w' => (WORD, false),
            'W' => (WORD, true),
            escaped => return self.escaped(escaped).map(Some),
        };
        self.add_group(group, inverted);
        Some(None)
    }

    fn add_group(&mut self, mut group: &[u8], inverted: bool) {
        let ranges = &mut self.pattern.ranges;
        let mut beyond = 0;
        while let [first, last, rest @ ..] = group {
            let (first, last) = (u32::from(*first), u32::from(*last));
            ranges.push(if inverted { (beyond, first - 1) } else { (first, last) });
            beyond = last + 1;
            group = rest;
        }
        if inverted {
            ranges.push((beyond, u32::from(char::MAX)));
        }
    }

    fn escaped(&mut self, character: char) -> Option<u32> {
        Some(match character {
            'n' => 0x0a,
            't' => 0x09,
            'r' => 0x0d,
            'f' => 0x0c,
            'v' => 0x0b,
            'x' if self.skip(b'{') => {
                let mut code = self.next()?.to_digit(16)?;
                while !self.skip(b'}') {
                    code = code * 16 + self.next()?.to_digit(16)?;
                    if code > u32::from(char::MAX) {
                        return None;
                    }
                }
                char::from_u32(code).map(u32::from)?
            }
            'x' => self.next()?.to_digit(16)? * 16 + self.next()?.to_digit(16)?,
            other if other.is_ascii_punctuation() => u32::from(other),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_INSTRUCTIONS, compile};

    #[test]
    fn what_is_malformed_or_not_supported_does_not_compile() {
        let wrong = [
            r"( ) a) (a ((a) [ [a [] [^] [a- a\ [\]",
            r"* +a ? {1} (*) (?:+) a|* a** a+* a*+ a??? a{2}{3} a{2}*",
            r"a{ a{} a{,2} a{1 a{1, a{1,2 a{x} a{1x} a{2,1} a{101} a{1,101} a{101,} a{01} a{-1} a{99999999999999999999} { x{",
            r"[b-a] [a-\d] [[:alpha:]] [a[:b] [\b] [\B] [\pL] [a\1]",
            r"\1 (a)\1 \0 \k<n> \pL \p{L} \PL \A \z \Z \Q \E \C \a \e \h \R \X \u0041 \cA \é",
            r"\x \x4 \x4g \x{ \x{} \x{41 \x{g} \x{110000} \x{d800} \x{ffffffffffffffff}",
            r"(? (?) (?=a) (?!a) (?<=a) (?<!a) (?<n>a) (?P<n>a) (?>a) (?#a) (?|a)",
            r"(?i:a) (?s)a (?m)a (?U)a (?is)a (?-i)a a(?i)b ((?i)a) (?i)(?i)a (?i)*",
            r"(?i)é (?i)[à-ü] (?i)[a-é] (?i)\x{212a}",
        ];
        for pattern in wrong.iter().flat_map(|line| line.split(' ')).chain(["a{ 1}", "a{1, 2}", "\\ "]) {
            assert!(compile(pattern).is_none(), "{pattern}");
        }
    }

    #[test]
    fn a_colon_in_a_class_is_a_name_only_behind_a_bracket() {
        for pattern in ["[:alpha:]", "[a:]", "[[a:]", "[^:[]", "\\[:"] {
            assert!(compile(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn groups_stand_in_one_another_to_a_depth_of_32_and_in_a_row_without_end() {
        let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert!(compile(&nested(32)).is_some());
        assert!(compile(&nested(33)).is_none());
        assert!(compile(&"(".repeat(2048)).is_none());
        assert!(compile(&"(?:".repeat(700)).is_none());
        assert!(compile(&"(a)".repeat(100)).is_some());
    }

    #[test]
    fn a_program_has_512_instructions_at_most() {
        let length = |pattern: &str| compile(pattern).map(|pattern| pattern.program.len());
        assert_eq!(length(&"a".repeat(512)), Some(MAX_INSTRUCTIONS));
        assert_eq!(length(&"a".repeat(513)), None);
        assert_eq!(length("(a{32}){16}"), Some(MAX_INSTRUCTIONS));
        assert_eq!(length("(a{32}){16}a"), None);
        assert_eq!(length("a{100,}"), Some(101));
        assert_eq!(length("a{0,100}"), Some(200));
        assert_eq!(length("((((a{100}){100}){100}){100}){100}"), None);
        assert_eq!(length("((((a?){100}){100}){100}){100}"), None);
        assert_eq!(length(&format!("{}a{}", "(".repeat(30), "{2})".repeat(30))), None);
        assert_eq!(length("(((((){100}){100}){100}){100}){100}"), Some(0));
        assert_eq!(length(&"|".repeat(256)), Some(512));
        assert_eq!(length(&"|".repeat(2048)), None);
        assert_eq!(length(&format!("[{}]", "\\W".repeat(1000))), Some(1));
    }
}
