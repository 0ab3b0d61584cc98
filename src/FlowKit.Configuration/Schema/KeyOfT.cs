using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A key that FlowKit obeys.</summary>
/// <typeparam name="T">What it reads to.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="parser">The form its value must have.</param>
/// <param name="absent">Its value when it is not written.</param>
/// <param name="aliases">Other names.</param>
internal sealed class Key<T>(string name, ValueParser<T> parser, T absent, params string[] aliases) : Key(name, aliases)
{
    public T Absent { get; } = absent;

    /// <summary>An empty value is a mistake where a number or a choice is expected, and the default where nothing is one.</summary>
    public override object? Read(YamlNode node, string path, ConfigDiagnostics diagnostics) =>
        (node.IsNull && parser.AllowsNull) || !parser.TryRead(node, path, diagnostics, out var value) ? null : value;
}
