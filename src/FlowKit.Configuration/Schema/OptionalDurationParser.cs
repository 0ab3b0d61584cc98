using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A time in milliseconds that need not be given.</summary>
internal sealed class OptionalDurationParser : ValueParser<TimeSpan>
{
    private readonly DurationParser _parser = new();

    public override bool TryRead(YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out TimeSpan value) =>
        _parser.TryRead(node, path, diagnostics, out value);
}
