//! Regular expressions, matched by trying every way.

use std::collections::BTreeSet;

use super::choices::Choices;

#[derive(Debug, Clone)]
pub(crate) enum Pattern {
    /// Not case-sensitive where the whole is said so.
    Character(char),
    Any,
    /// Ranges, and whether it stands for all others.
    Class(Vec<(char, char)>, bool),
    /// `\d`, `\W`, …
    Kind(char),
    Start,
    End,
    /// `\b`, or `\B`.
    Border(bool),
    Sequence(Vec<Pattern>),
    Either(Vec<Pattern>),
    /// From so many times to so many, and how that is written.
    Repeat(Box<Pattern>, usize, Option<usize>, String),
}

const CHARACTERS: &[char] = &['a', 'b', 'B', '1', ' ', 'é', '.', '-', '😀', '\n', '_'];
const PUNCTUATION: &str = r"\.+*?()|[]{}^$-";

/// A pattern, and whether it minds the case. One that does not is of ASCII.
pub(crate) fn pattern(choices: &mut Choices) -> (Pattern, bool) {
    let pattern = either(choices, 3);
    let minds_case = !choices.one_in(6) || !pattern.print().is_ascii();
    (pattern, minds_case)
}

/// A short text of what stands in patterns.
pub(crate) fn text_for_patterns(choices: &mut Choices) -> String {
    (0..choices.below(8))
        .filter_map(|_| CHARACTERS.get(choices.below(CHARACTERS.len() + 4).saturating_sub(4)))
        .collect()
}

fn either(choices: &mut Choices, depth: usize) -> Pattern {
    let ways: Vec<Pattern> = (0..=choices.below(4) / 2).map(|_| sequence(choices, depth)).collect();
    Pattern::Either(ways)
}

fn sequence(choices: &mut Choices, depth: usize) -> Pattern {
    Pattern::Sequence((0..choices.below(4)).map(|_| repeated(choices, depth)).collect())
}

fn repeated(choices: &mut Choices, depth: usize) -> Pattern {
    let one = atom(choices, depth);
    if matches!(one, Pattern::Start | Pattern::End | Pattern::Border(_)) {
        return one;
    }
    let (least, most, sign) = match choices.below(12) {
        6 => (0, None, "*".to_owned()),
        7 => (1, None, "+".to_owned()),
        8 => (0, Some(1), "?".to_owned()),
        9 => (2, Some(2), "{2}".to_owned()),
        10 => (1, None, "{1,}".to_owned()),
        11 => {
            let (least, more) = (choices.below(3), choices.below(3));
            (least, Some(least + more), format!("{{{least},{}}}", least + more))
        }
        _ => return one,
    };
    let lazy = if choices.one_in(4) { "?" } else { "" };
    Pattern::Repeat(Box::new(one), least, most, sign + lazy)
}

fn atom(choices: &mut Choices, depth: usize) -> Pattern {
    let character = |choices: &mut Choices| CHARACTERS.get(choices.below(CHARACTERS.len())).copied().expect("one");
    match choices.below(if depth == 0 { 10 } else { 13 }) {
        0..=3 => Pattern::Character(character(choices)),
        4 => Pattern::Any,
        5 | 6 => {
            let ranges = (0..=choices.below(2)).map(|_| match choices.below(4) {
                0 => ('a', 'c'),
                1 => ('0', '9'),
                2 => ('A', 'Z'),
                _ => {
                    let own = character(choices);
                    (own, own)
                }
            });
            let ranges = ranges.collect();
            Pattern::Class(ranges, choices.one_in(3))
        }
        7 => Pattern::Kind(*choices.pick(&[&'d', &'D', &'w', &'W', &'s', &'S'])),
        8 if choices.one_in(2) => Pattern::Start,
        8 => Pattern::End,
        9 => Pattern::Border(choices.one_in(2)),
        _ => either(choices, depth - 1),
    }
}

impl Pattern {
    pub(crate) fn print(&self) -> String {
        let escaped = |character: char| match character {
            '\n' => "\\n".to_owned(),
            _ if PUNCTUATION.contains(character) => format!("\\{character}"),
            _ => character.to_string(),
        };
        match self {
            Self::Character(character) => escaped(*character),
            Self::Any => ".".to_owned(),
            Self::Class(ranges, others) => {
                let range = |(first, last): &(char, char)| {
                    if first == last { escaped(*first) } else { format!("{first}-{last}") }
                };
                let ranges: Vec<String> = ranges.iter().map(range).collect();
                format!("[{}{}]", if *others { "^" } else { "" }, ranges.concat())
            }
            Self::Kind(kind) => format!("\\{kind}"),
            Self::Start => "^".to_owned(),
            Self::End => "$".to_owned(),
            Self::Border(is) => if *is { "\\b" } else { "\\B" }.to_owned(),
            Self::Sequence(parts) => {
                let part = |part: &Self| match part {
                    Self::Either(_) => format!("({})", part.print()),
                    _ => part.print(),
                };
                parts.iter().map(part).collect()
            }
            Self::Either(ways) => ways.iter().map(Self::print).collect::<Vec<_>>().join("|"),
            Self::Repeat(one, _, _, sign) => match one.as_ref() {
                Self::Either(_) => format!("(?:{}){sign}", one.print()),
                _ => format!("{}{sign}", one.print()),
            },
        }
    }

    /// Whether it matches anywhere.
    pub(crate) fn is_found(&self, text: &str, minds_case: bool) -> bool {
        let text: Vec<char> = text.chars().collect();
        (0..=text.len()).any(|start| !self.ends(&text, start, minds_case).is_empty())
    }

    /// Where a match that begins there may end.
    fn ends(&self, text: &[char], start: usize, minds_case: bool) -> BTreeSet<usize> {
        let folded = |character: char| if minds_case { character } else { character.to_ascii_lowercase() };
        let one = |fits: &dyn Fn(char) -> bool| match text.get(start) {
            Some(character) if fits(*character) => BTreeSet::from([start + 1]),
            _ => BTreeSet::new(),
        };
        let here = |holds: bool| if holds { BTreeSet::from([start]) } else { BTreeSet::new() };
        match self {
            Self::Character(own) => one(&|character| folded(character) == folded(*own)),
            Self::Any => one(&|character| character != '\n'),
            Self::Class(ranges, others) => one(&|character| {
                let is_within = |one: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&one));
                let other_case = !minds_case
                    && (is_within(character.to_ascii_lowercase()) || is_within(character.to_ascii_uppercase()));
                (is_within(character) || other_case) != *others
            }),
            Self::Kind(kind) => one(&|character| {
                let is_of = match kind.to_ascii_lowercase() {
                    'd' => character.is_ascii_digit(),
                    'w' => is_word(character),
                    _ => matches!(character, '\t' | '\n' | '\x0c' | '\r' | ' '),
                };
                is_of == kind.is_ascii_lowercase()
            }),
            Self::Start => here(start == 0),
            Self::End => here(start == text.len()),
            Self::Border(is) => {
                let before = start.checked_sub(1).and_then(|place| text.get(place)).is_some_and(|one| is_word(*one));
                let behind = text.get(start).is_some_and(|one| is_word(*one));
                here((before != behind) == *is)
            }
            Self::Sequence(parts) => parts.iter().fold(BTreeSet::from([start]), |places, part| {
                places.iter().flat_map(|place| part.ends(text, *place, minds_case)).collect()
            }),
            Self::Either(ways) => ways.iter().flat_map(|way| way.ends(text, start, minds_case)).collect(),
            Self::Repeat(one, least, most, _) => {
                let step = |places: &BTreeSet<usize>| -> BTreeSet<usize> {
                    places.iter().flat_map(|place| one.ends(text, *place, minds_case)).collect()
                };
                let mut places = BTreeSet::from([start]);
                for _ in 0..*least {
                    places = step(&places);
                }
                // Whoever walks more steps than there are places walks in circles.
                let mut found = places.clone();
                for _ in 0..most.map_or(text.len() + 1, |most| most - least) {
                    places = step(&places);
                    found.extend(&places);
                }
                found
            }
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
