//! The patterns of `matches`: a part of RE2's syntax, searched in time linear in the text.
//!
//! A pattern becomes a program, and all its threads read the text together, one character at a time (Thompson's
//! construction): no text makes it backtrack. Only the verdict counts, so there are no captures, and a lazy
//! repetition is the same as a greedy one.

use core::mem;
use core::str::Chars;

/// Instructions of a program, with repetitions written out.
const MAX_INSTRUCTIONS: usize = 512;
/// Of `{n,m}`.
const MAX_COUNT: usize = 100;
/// Groups in one another.
const MAX_DEPTH: usize = 32;
/// Instructions and ranges looked at, and characters read, that cost one step.
const WORK_PER_STEP: usize = 16;

// Characters from, to, from, to, …, ascending; ASCII, as in RE2.
const DIGIT: &[u8] = b"09";
const SPACE: &[u8] = b"\t\n\x0c\r  ";
const WORD: &[u8] = b"09AZ__az";

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pattern {
    program: Vec<Instruction>,
    /// Code points, both ends included; a [`Set`] is a part of them.
    ranges: Vec<(u32, u32)>,
    ignores_case: bool,
}

/// A thread that is behind the last instruction has matched.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Instruction {
    Character(Set),
    /// Goes on with the next instruction, and with the one that far ahead.
    Fork(usize),
    /// Goes on with the next instruction, and with the one that far back.
    Again(usize),
    /// Goes on that far ahead.
    Jump(usize),
    /// Only at the start of the text.
    Start,
    /// Only at the end of the text.
    End,
    /// Only where a word begins or ends; inverted, only elsewhere.
    Boundary {
        inverted: bool,
    },
}

/// One character that is in one of the ranges from `first` to before `end`; inverted, one that is in none.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Set {
    first: usize,
    end: usize,
    inverted: bool,
}

impl Pattern {
    /// Compiles a pattern. `None` where it is malformed, too large, or uses what is not supported.
    ///
    /// `(?i)` folds as RE2 does, but only letters of ASCII: beside it, no other character may stand in the pattern.
    pub(super) fn compile(text: &str) -> Option<Self> {
        let folded = text.strip_prefix("(?i)");
        let pattern = Self { program: Vec::new(), ranges: Vec::new(), ignores_case: folded.is_some() };
        let mut compiler = Compiler { rest: folded.unwrap_or(text).chars(), pattern, depth_left: MAX_DEPTH };
        compiler.alternation()?;
        compiler.next().is_none().then_some(compiler.pattern)
    }

    /// Whether a part of the text matches. `None` where that takes more than the steps that are left.
    pub(super) fn is_match(&self, text: &str, steps: &mut u32) -> Option<bool> {
        let mut threads = Threads { places: Vec::new(), seen: vec![0; self.program.len() + 1], round: 1 };
        let mut settled = Vec::new();
        let mut characters = text.chars();
        let mut before = None;
        let mut work = WORK_PER_STEP - 1;
        loop {
            let next = characters.next();
            threads.add(0);
            let is_through = self.settle(&mut threads, before, next);
            work += threads.places.len() + 1;
            mem::swap(&mut settled, &mut threads.places);
            threads.places.clear();
            threads.round += 1;
            if let (Some(character), false) = (next, is_through) {
                for place in &settled {
                    if let Some(Instruction::Character(set)) = self.program.get(*place) {
                        work += set.end - set.first;
                        if self.holds(*set, character) {
                            threads.add(place + 1);
                        }
                    }
                }
            }
            *steps = steps.checked_sub(u32::try_from(work / WORK_PER_STEP).ok()?)?;
            work %= WORK_PER_STEP;
            if is_through || next.is_none() {
                return Some(is_through);
            }
            before = next;
        }
    }

    /// Takes each thread to where it wants a character, and says whether one has come through.
    fn settle(&self, threads: &mut Threads, before: Option<char>, next: Option<char>) -> bool {
        let mut index = 0;
        while let Some(place) = threads.places.get(index).copied() {
            index += 1;
            let Some(instruction) = self.program.get(place) else { return true };
            let holds = match *instruction {
                Instruction::Character(_) => false,
                Instruction::Fork(distance) => {
                    threads.add(place + distance);
                    true
                }
                Instruction::Again(distance) => {
                    threads.add(place - distance);
                    true
                }
                Instruction::Jump(distance) => {
                    threads.add(place + distance);
                    false
                }
                Instruction::Start => before.is_none(),
                Instruction::End => next.is_none(),
                Instruction::Boundary { inverted } => (is_word(before) != is_word(next)) != inverted,
            };
            if holds {
                threads.add(place + 1);
            }
        }
        false
    }

    fn holds(&self, set: Set, character: char) -> bool {
        let ranges = self.ranges.get(set.first..set.end).unwrap_or_default();
        let has = |character: char| {
            let code = u32::from(character);
            ranges.iter().any(|(first, last)| (*first..=*last).contains(&code))
        };
        let is_in = if self.ignores_case {
            // The two beyond ASCII whose other case is within.
            let lower = match character {
                '\u{17f}' => 's',
                '\u{212a}' => 'k',
                other => other.to_ascii_lowercase(),
            };
            has(lower) || has(lower.to_ascii_uppercase())
        } else {
            has(character)
        };
        is_in != set.inverted
    }
}

fn is_word(character: Option<char>) -> bool {
    character.is_some_and(|character| character == '_' || character.is_ascii_alphanumeric())
}

/// The places in the program that are reached before the next character, each once.
struct Threads {
    places: Vec<usize>,
    /// For each place the last round in which it was reached.
    seen: Vec<usize>,
    round: usize,
}

impl Threads {
    fn add(&mut self, place: usize) {
        if let Some(round) = self.seen.get_mut(place)
            && *round != self.round
        {
            *round = self.round;
            self.places.push(place);
        }
    }
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
