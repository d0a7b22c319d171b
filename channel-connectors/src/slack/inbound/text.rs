//! What people wrote, without Slack's marks, <https://docs.slack.dev/messaging/formatting-message-text>.

/// The words as they were typed: without the mention of the bot, links as people read them. Mentions of others and of channels stay.
pub(super) fn spoken(text: &str, bots: &[String]) -> String {
    let text = bots.iter().fold(text.to_owned(), |text, bot| without_mention(&text, bot));
    let text = without_links(&text);
    // The ampersand last: `&amp;lt;` is how `&lt;` is written.
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").trim().to_owned()
}

/// As in Rasa: a space goes with a mention, the one after it or else the one before it; between two words one is put there.
fn without_mention(text: &str, bot: &str) -> String {
    let mention = format!("<@{bot}>");
    let text = without_name(text, bot, &mention);
    let mut parts = text.split(&mention);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut rest = part.chars();
        if rest.next().is_some_and(char::is_whitespace) {
            kept.push_str(rest.as_str());
            continue;
        }
        if kept.ends_with(char::is_whitespace) {
            kept.pop();
        } else {
            kept.push(' ');
        }
        kept.push_str(part);
    }
    kept
}

/// Once, a mention had the name in it, too: `<@U…|name>`.
fn without_name(text: &str, bot: &str, mention: &str) -> String {
    let named = format!("<@{bot}|");
    let mut parts = text.split(&named);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('>') {
            Some((_, behind)) => kept.extend([mention, behind]),
            None => kept.extend([&named, part]),
        }
    }
    kept
}

/// `<https://x|label>` is its label, `<https://x>` its address. A `<` that somebody types comes as `&lt;`.
fn without_links(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<')
        && let Some((inside, behind)) = after.split_once('>')
    {
        kept.push_str(before);
        match label(inside) {
            Some(label) => kept.push_str(label),
            None => kept.extend(["<", inside, ">"]),
        }
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// What people see of a link; `None` for `<@U…>`, `<#C…|name>` and `<!here>`.
fn label(inside: &str) -> Option<&str> {
    if inside.starts_with(['@', '#', '!']) {
        return None;
    }
    Some(inside.split_once('|').map_or(inside, |(_, label)| label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_of_the_bot_go_with_one_space() {
        for (text, expected) in [
            ("<@U0BOT> hello", "hello"),
            ("hello <@U0BOT>", "hello"),
            ("hello <@U0BOT> there", "hello there"),
            ("hello <@U0BOT>, there", "hello, there"),
            ("hello<@U0BOT>there", "hello there"),
            ("a <@U0BOT> <@U0BOT> b", "a b"),
            ("<@U0BOT>", ""),
            ("<@U0BOT|my_bot> hello <@U0BOT|my_bot>", "hello"),
            ("hello <@U0BOT|", "hello <@U0BOT|"),
            ("<@U0BOTTOM> hello", "<@U0BOTTOM> hello"),
        ] {
            assert_eq!(spoken(text, &["U0BOT".to_owned()]), expected, "{text}");
        }
    }

    #[test]
    fn links_read_as_people_see_them() {
        for (text, expected) in [
            ("<http://a.com> and <http://b.com|b>", "http://a.com and b"),
            ("to <mailto:ada@x.org|ada@x.org>", "to ada@x.org"),
            ("<@U0ADA> in <#C0A|general> <!here>", "<@U0ADA> in <#C0A|general> <!here>"),
            ("1 &lt; 2 &amp;&amp; 3 &gt; 2, &amp;lt;", "1 < 2 && 3 > 2, &lt;"),
            ("a < b", "a < b"),
        ] {
            assert_eq!(spoken(text, &[]), expected, "{text}");
        }
    }
}
