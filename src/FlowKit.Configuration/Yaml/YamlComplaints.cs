namespace FlowKit.Configuration.Yaml;

/// <summary>Says what was expected, where the parser says which of its steps did not end.</summary>
internal static class YamlComplaints
{
    /// <summary>Parts of the parser's messages, the more special ones first, and what a person is to do.</summary>
    private static readonly (string Part, string Words)[] s_words =
    [
        ("expected ',' or ']'", "a list in [ ] does not end; expected ',' or ']'"),
        ("expected ',' or '}'", "a mapping in { } does not end; expected ',' or '}'"),
        ("expected '-' indicator", "a line of the list does not begin with '- '; expected '- ' here, or less indentation"),
        ("expected key", "expected 'key: value' here, with the same indentation as the keys above"),
        ("expected node content", "expected a value here"),
        ("could not find expected ':'", "expected ': ' behind the key"),
        ("Mapping values are not allowed", "a second ': ' stands on the line; put quotes around a text that holds one"),
        ("invalid mapping", "a second ': ' stands on the line; put quotes around a text that holds one"),
        ("Block sequence entries are not allowed", "a list may not begin behind the key; put '- ' on a line of its own"),
        ("found unexpected end of stream", "a text in quotes does not end; expected the closing quote"),
        ("found unexpected document indicator", "a text in quotes does not end before '---' or '...'; expected the closing quote"),
        ("found unknown escape character", "a '\\' in double quotes stands for nothing; write '\\\\', or use single quotes"),
        ("did not find expected hexdecimal", "a '\\x', '\\u' or '\\U' in double quotes needs 2, 4 or 8 hexadecimal digits"),
        ("character that cannot start any token", "the character here cannot begin a value; put quotes around it"),
        ("extra spaces in first line", "the first line of the text is indented further than the rest"),
        ("expected comment or line break", "expected the end of the line behind '|' or '>'"),
        ("expected alphabetic or numeric character", "expected a name behind '&' or '*'; put quotes around a text that begins so"),
        ("expected <document start>", "expected one mapping; more follows it"),
        ("expected <stream-start>", "expected a mapping"),
        ("undefined tag", "a tag that begins with '!' is not known; put quotes around a text that begins so"),
        ("tag", "a tag that begins with '!' is not written right; put quotes around a text that begins so"),
        ("directive", "a line that begins with '%' is a directive; put quotes around a text that begins so"),
        ("tab", "a tab stands where only spaces may"),
        ("plain scalar", "a text without quotes ends unexpectedly; put quotes around it"),
        ("anchor", "an anchor '&name' is not written right"),
        ("alias", "an alias '*name' is not written right"),
    ];

    /// <summary>Returns what was expected.</summary>
    public static string Explain(string message)
    {
        foreach (var (part, words) in s_words)
        {
            if (message.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return words;
            }
        }

        return "the text cannot be read on from here";
    }
}
