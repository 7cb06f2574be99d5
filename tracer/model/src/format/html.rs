//! What the pages have in common: text that is no markup, names, numbers, colours. A page needs
//! nothing else: no font, no network.

/// Text in HTML and SVG: nothing in it is markup, and what no XML reader takes (`Char` in XML 1.0,
/// section 2.2) is U+FFFD.
pub fn text(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\0'..' ' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

/// `1234567` as `1 234 567`, with spaces that do not break.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A name of at most so many characters: its beginning and its end tell most.
pub fn middle(name: &str, most: usize) -> String {
    let length = name.chars().count();
    if length <= most {
        return name.to_owned();
    }
    let head = (most - 1) / 2;
    let tail = length - (most - 1 - head);
    let mut short: String = name.chars().take(head).collect();
    short.push('…');
    short.extend(name.chars().skip(tail));
    short
}

/// A name that can be seen.
pub fn named(name: &str) -> &str {
    if name.trim().is_empty() {
        "(no name)"
    } else {
        name
    }
}

/// The look of every page: light or dark, as the reader's machine is.
pub const STYLE: &str = "
:root{color-scheme:light dark;--fg:#1d2330;--sub:#667085;--line:#d9dee7;--bg:#fff;--ok:#3b7dd8;--bad:#d8483b;--bar:#c9dcf5}
@media(prefers-color-scheme:dark){:root{--fg:#e6e9ef;--sub:#98a2b3;--line:#344054;--bg:#12161f;--bar:#27405f}}
body{font:15px/1.45 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:980px;margin:2em auto;padding:0 1em}
h1{margin:0;font-size:1.6em}h2{font-size:1.05em;margin:1.6em 0 .3em}.sub{color:var(--sub);margin:.2em 0;font-size:.9em}
.tiles{display:flex;flex-wrap:wrap;gap:.7em;margin:1.2em 0}
.tiles div{flex:1 0 8em;border:1px solid var(--line);border-radius:8px;padding:.6em .8em;color:var(--sub)}
.tiles b{display:block;font-size:1.5em;color:var(--fg)}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr));gap:0 2em}
.bar{display:flex;gap:.8em;margin:2px 0;font:12px/1.6 ui-monospace,monospace;white-space:pre}
.bar .name{flex:1;min-width:0;overflow:hidden;padding:0 4px;background:linear-gradient(var(--bar),var(--bar)) no-repeat 0 0/var(--w) 100%}
.bar .n{min-width:3em}.ends{display:flex;justify-content:space-between;gap:1em;font:12px/1.6 ui-monospace,monospace}
svg{width:100%;height:auto;display:block}svg text{font:12px ui-monospace,monospace;fill:var(--fg)}
rect.ok{fill:var(--ok)}rect.bad{fill:var(--bad)}span.ok{color:var(--ok)}span.bad{color:var(--bad)}
table{border-collapse:collapse}td{border-bottom:1px solid var(--line);padding:.2em 1.2em .2em 0}.n{text-align:right}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_things() {
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(grouped(0), "0");
        assert_eq!(middle("abcdefgh", 8), "abcdefgh");
        assert_eq!(middle("abcdefghi", 8), "abc…fghi");
        assert_eq!(middle("äöü", 2), "…ü");
        assert_eq!((named(" "), named("a ")), ("(no name)", "a "));
        assert_eq!(text("<a b=\"&\">"), "&lt;a b=&quot;&amp;&quot;&gt;");
        assert_eq!(text("a\u{fffe}\x01\tb"), "a\u{fffd}\u{fffd}\tb");
    }
}
