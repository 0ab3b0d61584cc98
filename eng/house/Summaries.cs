using System.Text.RegularExpressions;

namespace FlowKit.House;

/// <summary>Summaries open with a noun or a verb in the third person, not with a clause.</summary>
internal sealed partial class Summaries : IMeasure
{
    public string Name => "summaries";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var summaries = files.SelectMany(file => file.Lines.Index().Select(line => (file.Path, Line: line.Index + 1, Text: line.Item, Opening: OpeningOf(file.Lines, line.Index)))).Where(line => line.Opening is not null).ToList();
        var beyond = summaries.Where(line => Clause().IsMatch(line.Opening!)).Select(line => $"{line.Path}:{line.Line}: {line.Opening}").ToList();
        return new Measurement($"{beyond.Count} of {summaries.Count} open with a clause", beyond);
    }

    /// <summary>The first words of the summary that a line opens.</summary>
    private static string? OpeningOf(string[] lines, int index)
    {
        if (Open().Match(lines[index]) is not { Success: true } open)
        {
            return null;
        }

        var text = open.Groups[1].Value.Length > 0 || index + 1 == lines.Length ? open.Groups[1].Value : lines[index + 1].Trim().TrimStart('/').Trim();
        return text.Length > 60 ? text[..60] : text;
    }

    [GeneratedRegex(@"^\s*/// <summary>(.*)$")]
    private static partial Regex Open();

    [GeneratedRegex(@"^(What|Whether|How|Where|Which|When|Who|Whoever|Whatever|Why|One)\b(?! (or more|of several))")]
    private static partial Regex Clause();
}
