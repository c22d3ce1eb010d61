//! The patterns of `matches`: a part of RE2's syntax, searched in time linear in the text.
//!
//! A pattern becomes a program, and all its threads read the text together, one character at a time (Thompson's
//! construction): no text makes it backtrack. Only the verdict counts, so there are no captures, and a lazy
//! repetition is the same as a greedy one.

mod compile;

use core::mem;

/// Instructions and ranges looked at, and characters read, that cost one step.
const WORK_PER_STEP: usize = 16;

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
        compile::compile(text)
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

#[cfg(test)]
mod tests {
    use super::Pattern;

    /// Whether it matches, with steps enough.
    fn matches(pattern: &str, text: &str) -> Option<bool> {
        Pattern::compile(pattern)?.is_match(text, &mut 100_000)
    }

    #[test]
    fn a_pattern_matches_where_a_part_of_the_text_does() {
        let cases = [
            ("", "", true),
            ("", "abc", true),
            ("abc", "abc", true),
            ("abc", "xabcx", true),
            ("abc", "ab", false),
            ("^abc$", "abc", true),
            ("^abc$", "abcd", false),
            ("^abc$", "abc\n", false),
            ("^$", "", true),
            ("^$", "a", false),
            ("a^", "a", false),
            (".", "\n", false),
            ("^.$", "é", true),
            ("^.$", "\u{1f600}", true),
            ("^.$", "e\u{301}", false),
            ("^a|b$", "ax", true),
            ("^a|b$", "xb", true),
            ("^(a|b)$", "ax", false),
            ("^(a|b|)$", "", true),
            ("^(?:ab)+$", "ababab", true),
            ("^(?:ab)+$", "aba", false),
            ("^a*$", "", true),
            ("^a+?$", "aaa", true),
            ("^a??b$", "b", true),
            ("^a{3}$", "aaa", true),
            ("^a{3}$", "aa", false),
            ("^a{2,}$", "a", false),
            ("^a{2,}$", "aaaaa", true),
            ("^a{0,2}$", "", true),
            ("^a{0,2}$", "aaa", false),
            ("^a{0}b$", "b", true),
            ("^a{0}b$", "ab", false),
            ("^(a{2}){1,2}b$", "aaaab", true),
            ("^(a{2}){1,2}b$", "aaab", false),
            ("^(a*)*$", "aaa", true),
            ("^(a|b*)*c$", "abbac", true),
            ("^(|a)+b$", "aab", true),
            ("^[a-c]+$", "abc", true),
            ("^[^a-c]+$", "xyz\n", true),
            ("^[^a-c]$", "b", false),
            ("^[]]$", "]", true),
            ("^[^]]$", "]", false),
            ("^[-a]$", "-", true),
            ("^[a-]$", "-", true),
            ("^[a-c-e]+$", "b-e", true),
            ("^[a-c-e]+$", "d", false),
            ("^[\\d-z]+$", "1-z", true),
            ("^[\\]\\-\\\\]+$", "]-\\", true),
            ("^[a[]+$", "a[", true),
            ("^[.*+]+$", "+*.", true),
            ("^[.]$", "a", false),
            ("^[à-ü]$", "é", true),
            ("^\\d+$", "0189", true),
            ("^\\d$", "٣", false),
            ("^\\D$", "٣", true),
            ("^\\w+$", "aZ_9", true),
            ("^\\w$", "é", false),
            ("^\\W$", "é", true),
            ("^\\s+$", " \t\n\u{c}\r", true),
            ("\\s", "\u{b}", false),
            ("\\s", "\u{a0}", false),
            ("^\\S$", "\u{a0}", true),
            ("^[\\W\\d]+$", "-1é", true),
            ("^[^\\W\\d]$", "1", false),
            ("^[^\\W\\d]$", "a", true),
            ("\\bcat\\b", "a cat.", true),
            ("\\bcat\\b", "concat", false),
            ("\\bcat\\b", "écaté", true),
            ("\\B", "", true),
            ("\\b", "", false),
            ("a\\Bb", "ab", true),
            ("\\.", "a", false),
            ("^\\^\\$\\.\\|\\(\\)\\[\\]\\{\\}\\*\\+\\?\\\\$", "^$.|()[]{}*+?\\", true),
            ("^\\n\\t\\r\\f\\v$", "\n\t\r\u{c}\u{b}", true),
            ("^\\x41\\x{e9}\\x{1F600}\\xe9$", "Aé\u{1f600}é", true),
            ("^a}]$", "a}]", true),
            ("(?i)^hello [a-f]$", "HELLO C", true),
            ("(?i)^HELLO$", "hello", true),
            ("(?i)^[^a]$", "A", false),
            ("(?i)^[Z-a]$", "z", true),
            ("(?i)^k$", "\u{212a}", true),
            ("(?i)^[^s]$", "\u{17f}", false),
            ("(?i)^\\W$", "\u{17f}", false),
            ("^k$", "\u{212a}", false),
            ("(?i)a|b", "B", true),
            ("(?i)", "", true),
            ("^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", "someone@example.com", true),
            ("^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", "someone@example", false),
            ("^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", "123e4567-e89b-12d3-a456-426614174000", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), Some(expected), "{pattern} {text:?}");
        }
    }

    #[test]
    fn what_makes_others_slow_costs_steps_in_proportion_to_the_text() {
        for pattern in
            ["(a*)*b", "(a|aa)+$b", "(a|a)*b", "((a*)*)*b", "(.*)(.*)(.*)(.*)b", "a*a*a*a*b", "(a?){50}a{50}b"]
        {
            let [short, long] = [1000, 2000].map(|length| {
                let mut steps = u32::MAX;
                let text = "a".repeat(length);
                let verdict = Pattern::compile(pattern).and_then(|pattern| pattern.is_match(&text, &mut steps));
                assert_eq!(verdict, Some(false), "{pattern}");
                u32::MAX - steps
            });
            assert!(long < 3 * short, "{pattern} {short} {long}");
            assert!(long < 100_000, "{pattern} {long}");
        }
    }

    #[test]
    fn every_16_visits_cost_a_step_and_none_are_taken_that_are_not_there() {
        let cost = |pattern: &str, text: &str| {
            let mut steps = 1000;
            Pattern::compile(pattern).and_then(|pattern| pattern.is_match(text, &mut steps))?;
            Some(1000 - steps)
        };
        assert_eq!(cost("a", "a"), Some(1));
        // One visit, one range and one character each.
        assert_eq!(cost("b", &"a".repeat(160)), Some(31));
        // Each of the ranges counts.
        assert!(cost(&format!("[{}]", "b".repeat(160)), &"a".repeat(10)) >= Some(100));
        // A match ends the search.
        assert_eq!(cost("a", &"a".repeat(10_000)), Some(1));
        let pattern = Pattern::compile("b");
        for (steps, expected) in [(31, Some(false)), (30, None), (0, None)] {
            let mut left = steps;
            let verdict = pattern.as_ref().and_then(|pattern| pattern.is_match(&"a".repeat(160), &mut left));
            assert_eq!(verdict, expected, "{steps}");
        }
    }
}
