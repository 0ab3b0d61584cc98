using FlowKit.Configuration.Diagnostics;
using YamlDotNet.Core;

namespace FlowKit.Configuration.Yaml;

/// <summary>Turns the parser's complaint into one with a hint for the mistakes that people make.</summary>
internal static class YamlSyntax
{
    public static FlowConfigException Explain(YamlException exception, string text, string file)
    {
        var place = new SourcePlace(file, (int)exception.Start.Line, (int)exception.Start.Column);
        var (tab, line) = FindTab(
            text, place.Line, exception.Message.Contains("tab", StringComparison.Ordinal) ? int.MaxValue : place.Line + 1);
        if (tab > 0)
        {
            return ConfigDiagnostics.Fatal(new SourcePlace(file, line, tab), "a tab in the indentation; YAML allows only spaces");
        }

        var hint = LineAt(text, place.Line).Contains("${{", StringComparison.Ordinal)
            ? "; inside { } or [ ], put quotes around ${{ … }}"
            : "";
        return ConfigDiagnostics.Fatal(place, $"not valid YAML: {YamlComplaints.Explain(exception.Message)}{hint}");
    }

    /// <summary>The parser reports a tab on the line before it, or where the mapping around it starts.</summary>
    private static (int Column, int Line) FindTab(string text, int first, int last)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var tab = line[..(line.Length - line.TrimStart().Length)].IndexOf('\t');
            if (++number >= first && number <= last && tab >= 0)
            {
                return (tab + 1, number);
            }
        }

        return (0, 0);
    }

    private static string LineAt(string text, int number)
    {
        var lines = text.AsSpan().EnumerateLines();
        for (var current = 1; lines.MoveNext(); current++)
        {
            if (current == number)
            {
                return lines.Current.ToString();
            }
        }

        return "";
    }
}
